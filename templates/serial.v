    {{ design }}_linked linked (
        .clk(clock),
        .rst(reset),
        .rx(rx),
        .tx(tx)
    );
