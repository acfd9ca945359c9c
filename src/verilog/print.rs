//! The tree as text. Everything is decided before; this only spells it.

use super::ast::*;
use crate::hdl::Wire;
use num_bigint::{BigInt, Sign};
use std::fmt::Write;

/// An instance longer than this gets a line for each of its streams; what is longer yet goes on in the next line. Verilator reads no line
/// of more than 40,000 tokens.
const LINE: usize = 110;

/// The text of the file that holds `module`, below its head.
pub fn print(module: &Module) -> String {
    let mut out = String::new();
    if module.keep_hierarchy {
        out.push_str("(* keep_hierarchy *)\n");
    }
    let parameters: Vec<String> =
        module.parameters.iter().map(|name| format!("  parameter {name} = 1")).collect();
    let _ = write!(out, "module {} ", module.name);
    if !parameters.is_empty() {
        let _ = write!(out, "#(\n{}\n) ", parameters.join(",\n"));
    }
    out.push('(');
    for (index, port) in module.ports.iter().enumerate() {
        let direction = match port.direction {
            Direction::Input => "input  wire",
            Direction::Output => "output wire",
            Direction::OutputReg => "output reg ",
        };
        let comma = if index + 1 < module.ports.len() { "," } else { "" };
        let bits = match port.high {
            Some(high) => format!(" [{high}:0]"),
            None => kind(&port.net),
        };
        let _ = write!(out, "\n  {direction}{bits} {}{comma}", port.net.name);
        comment(&mut out, &port.comment);
    }
    out.push_str("\n);\n");
    for item in &module.items {
        print_item(&mut out, item);
    }
    out.push_str("endmodule\n");
    out
}

fn comment(out: &mut String, text: &str) {
    if !text.is_empty() {
        let _ = write!(out, " // {text}");
    }
}

/// ` signed [7:0]`
fn kind(net: &Net) -> String {
    let sign = if net.signed { " signed" } else { "" };
    format!("{sign}{}", bounds(net.width))
}

fn bounds(width: u32) -> String {
    if width == 1 { String::new() } else { format!(" [{}:0]", width - 1) }
}

fn print_item(out: &mut String, item: &Item) {
    match item {
        Item::Wire { net, value, comment: text } => {
            let _ = write!(out, "  wire{} {}", kind(net), net.name);
            if let Some(value) = value {
                out.push_str(" = ");
                print_expr(out, value);
            }
            out.push(';');
            comment(out, text);
            out.push('\n');
        }
        Item::Reg { net, comment: text } => {
            let _ = write!(out, "  reg{} {};", kind(net), net.name);
            comment(out, text);
            out.push('\n');
        }
        Item::Assign { target, value, comment: text } => {
            out.push_str("  assign ");
            print_expr(out, target);
            out.push_str(" = ");
            print_expr(out, value);
            out.push(';');
            comment(out, text);
            out.push('\n');
        }
        Item::Memory { style, name, width, words, contents, comment: text } => {
            let style = style.map(|[style, value]| format!(", {style} = \"{value}\"")).unwrap_or_default();
            let _ = write!(out, "  (* no_rw_check{style} *) reg{} {name} [0:{}];", bounds(*width), words - 1);
            comment(out, text);
            out.push('\n');
            print_contents(out, name, contents);
        }
        Item::Instance(instance) => print_instance(out, instance),
        Item::Clocked { clock, body } => {
            let _ = writeln!(out, "  always @(posedge {}) begin", clock.name);
            print_statements(out, body, 4);
            out.push_str("  end\n");
        }
        Item::Simulation(items) => {
            out.push_str("`ifndef SYNTHESIS\n");
            for item in items {
                print_item(out, item);
            }
            out.push_str("`endif\n");
        }
        Item::Heading(text) => {
            let _ = writeln!(out, "\n  // ---- {text}");
        }
        Item::Comment(text) => {
            let _ = writeln!(out, "  // {text}");
        }
    }
}

/// Several short blocks: the time that Yosys takes for one block grows with the square of its length. As many words a line as a power of
/// two has room for in two lines of code: nobody reads them one by one.
fn print_contents(out: &mut String, name: &str, contents: &[Expr]) {
    const BLOCK: usize = 256;
    let assignment = |(address, word): (usize, &Expr)| {
        let mut text = format!("{name}[{address}] = ");
        print_expr(&mut text, word);
        text + ";"
    };
    let assignments: Vec<String> = contents.iter().enumerate().map(assignment).collect();
    let longest = assignments.iter().map(String::len).max().unwrap_or(1) + 1;
    let a_line = 1 << (2 * LINE / longest).max(1).ilog2();
    for block in assignments.chunks(BLOCK) {
        out.push_str("  initial begin\n");
        for line in block.chunks(a_line) {
            let _ = writeln!(out, "    {}", line.join(" "));
        }
        out.push_str("  end\n");
    }
}

fn print_instance(out: &mut String, instance: &Instance) {
    let mut head = format!("  {}", instance.module);
    let parameters: Vec<String> =
        instance.parameters.iter().map(|(name, value)| format!(".{name}({value})")).collect();
    if !parameters.is_empty() {
        let _ = write!(head, " #({})", parameters.join(", "));
    }
    let _ = write!(head, " {} (", instance.name);
    let inputs = instance.inputs.iter().map(|(port, expr)| {
        let mut text = format!(".{port}(");
        print_expr(&mut text, expr);
        (&**port, text + ")")
    });
    let outputs = instance.outputs.iter().map(|(port, net)| (&**port, format!(".{port}({})", net.name)));
    let connections: Vec<(&str, String)> = inputs.chain(outputs).collect();
    let length = head.len() + connections.iter().map(|(_, text)| text.len() + 2).sum::<usize>();
    out.push_str(&head);
    if length <= LINE {
        let texts: Vec<String> = connections.into_iter().map(|(_, text)| text).collect();
        let _ = write!(out, "{});", texts.join(", "));
        comment(out, &instance.comment);
    } else {
        comment(out, &instance.comment);
        let _ = write!(out, "\n    {}\n  );", connection_lines(connections).join(",\n    "));
    }
    out.push('\n');
}

/// The clock with the reset, then the wires of each stream in a line, as a person thinks of them; what is no stream is as one.
fn connection_lines(connections: Vec<(&str, String)>) -> Vec<String> {
    let mut groups: Vec<(Option<&str>, Vec<String>)> = Vec::new();
    for (port, text) in connections {
        let group = if matches!(port, "clk" | "rst") { Some("clk") } else { Wire::stream(port) };
        match groups.iter_mut().find(|(other, _)| *other == group) {
            Some((_, texts)) => texts.push(text),
            None => groups.push((group, vec![text])),
        }
    }
    groups.into_iter().flat_map(|(_, texts)| filled(texts)).collect()
}

/// As many of `texts` a line as it has room for.
fn filled(texts: Vec<String>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for text in texts {
        match lines.last_mut().filter(|line| line.len() + text.len() < LINE) {
            Some(line) => line.extend([", ", &text]),
            None => lines.push(text),
        }
    }
    lines
}

fn print_statements(out: &mut String, statements: &[Statement], indent: usize) {
    for statement in statements {
        let _ = write!(out, "{:indent$}", "");
        print_statement(out, statement, indent);
    }
}

fn print_statement(out: &mut String, statement: &Statement, indent: usize) {
    match statement {
        Statement::Assign { target, value } => {
            print_expr(out, target);
            out.push_str(" <= ");
            print_expr(out, value);
            out.push_str(";\n");
        }
        Statement::If { condition, then, otherwise } => {
            out.push_str("if (");
            print_expr(out, condition);
            out.push_str(") begin\n");
            print_statements(out, then, indent + 2);
            let _ = write!(out, "{:indent$}end", "");
            match otherwise.as_slice() {
                [] => out.push('\n'),
                [chained @ Statement::If { .. }] => {
                    out.push_str(" else ");
                    print_statement(out, chained, indent);
                }
                otherwise => {
                    out.push_str(" else begin\n");
                    print_statements(out, otherwise, indent + 2);
                    let _ = writeln!(out, "{:indent$}end", "");
                }
            }
        }
        Statement::Display { message, arguments } => {
            let _ = write!(out, "$display(\"{message}\"");
            for argument in arguments {
                out.push_str(", ");
                print_expr(out, argument);
            }
            out.push_str(");\n");
        }
        Statement::Finish => out.push_str("$finish;\n"),
    }
}

fn print_expr(out: &mut String, expr: &Expr) {
    match expr {
        Expr::Net(net) => out.push_str(&net.name),
        Expr::Select { net, high, low } if high == low => {
            let _ = write!(out, "{}[{low}]", net.name);
        }
        Expr::Select { net, high, low } => {
            let _ = write!(out, "{}[{high}:{low}]", net.name);
        }
        Expr::Word { memory, index, .. } => {
            let _ = write!(out, "{memory}[");
            print_expr(out, index);
            out.push(']');
        }
        Expr::Literal { width, value, signed, radix } => print_literal(out, *width, value, *signed, *radix),
        Expr::Unary(op, a) => {
            out.push(match op {
                Unary::Not => '~',
                Unary::ReduceAnd => '&',
            });
            // Verilog has no operator after an operator.
            if a.starts_with_operator() {
                out.push('(');
                print_expr(out, a);
                out.push(')');
            } else {
                print_operand(out, a);
            }
        }
        Expr::Binary(op, a, b) => {
            print_operand(out, a);
            let _ = write!(out, " {} ", spelling(*op));
            print_operand(out, b);
        }
        Expr::Conditional(condition, then, otherwise) => {
            print_operand(out, condition);
            out.push_str(" ? ");
            print_operand(out, then);
            out.push_str(" : ");
            match **otherwise {
                Expr::Conditional(..) => print_expr(out, otherwise),
                _ => print_operand(out, otherwise),
            }
        }
        Expr::Concat(parts) => {
            out.push('{');
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    let line = out.len() - out.rfind('\n').map_or(0, |end| end + 1);
                    out.push_str(if line < LINE { ", " } else { ",\n      " });
                }
                print_expr(out, part);
            }
            out.push('}');
        }
        Expr::Repeat(count, bits) => {
            let _ = write!(out, "{{{count}{{");
            print_expr(out, bits);
            out.push_str("}}");
        }
        Expr::Signed(bits) => print_call(out, "$signed", bits),
        Expr::Unsigned(bits) => print_call(out, "$unsigned", bits),
    }
}

fn print_call(out: &mut String, function: &str, argument: &Expr) {
    let _ = write!(out, "{function}(");
    print_expr(out, argument);
    out.push(')');
}

/// An operand, in parentheses where one has to think of precedence.
fn print_operand(out: &mut String, expr: &Expr) {
    if matches!(expr, Expr::Binary(..) | Expr::Conditional(..)) {
        out.push('(');
        print_expr(out, expr);
        out.push(')');
    } else {
        print_expr(out, expr);
    }
}

fn spelling(op: Binary) -> &'static str {
    match op {
        Binary::Add => "+",
        Binary::Sub => "-",
        Binary::Mul => "*",
        Binary::And => "&",
        Binary::Or => "|",
        Binary::Xor => "^",
        Binary::Eq => "==",
        Binary::Ne => "!=",
        Binary::Lt => "<",
        Binary::Le => "<=",
        Binary::LogicalAnd => "&&",
        Binary::LogicalOr => "||",
    }
}

fn print_literal(out: &mut String, width: u32, value: &BigInt, signed: bool, radix: Radix) {
    let negative = value.sign() == Sign::Minus;
    let s = if signed || negative { "s" } else { "" };
    let modulus = BigInt::from(1) << width;
    let word = if negative { value + &modulus } else { value.clone() };
    // The least number has no positive counterpart, and long decimals tell nothing.
    let lowest = negative && -value * 2 == modulus;
    let _ = if width == 1 {
        write!(out, "1'{s}b{word}")
    } else if radix == Radix::Hexadecimal || lowest || width > 64 {
        write!(out, "{width}'{s}h{word:x}")
    } else if negative {
        write!(out, "-{width}'{s}d{}", -value)
    } else {
        write!(out, "{width}'{s}d{value}")
    };
}
