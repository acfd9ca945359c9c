//! Names that every tool accepts, each used once.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Words that Verilog-2005 or SystemVerilog reserve, and the words of C++ that Verilator would rename.
const RESERVED: [&str; 3] = [
    // Verilog-2005
    "always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config deassign \
     default defparam design disable edge else end endcase endconfig endfunction endgenerate endmodule \
     endprimitive endspecify endtable endtask event for force forever fork function generate genvar \
     highz0 highz1 if ifnone incdir include initial inout input instance integer join large liblist \
     library localparam macromodule medium module nand negedge nmos nor noshowcancelled not notif0 notif1 \
     or output parameter pmos posedge primitive pull0 pull1 pulldown pullup pulsestyle_ondetect \
     pulsestyle_onevent rcmos real realtime reg release repeat rnmos rpmos rtran rtranif0 rtranif1 \
     scalared showcancelled signed small specify specparam strong0 strong1 supply0 supply1 table task \
     time tran tranif0 tranif1 tri tri0 tri1 triand trior trireg unsigned use uwire vectored wait wand \
     weak0 weak1 while wire wor xnor xor",
    // SystemVerilog-2017
    "accept_on alias always_comb always_ff always_latch assert assume before bind bins binsof bit break \
     byte chandle checker class clocking const constraint context continue cover covergroup coverpoint \
     cross dist do endchecker endclass endclocking endgroup endinterface endpackage endprogram \
     endproperty endsequence enum eventually expect export extends extern final first_match foreach \
     forkjoin global iff ignore_bins illegal_bins implements implies import inside int interconnect \
     interface intersect join_any join_none let local logic longint matches modport nettype new nexttime \
     null package packed priority program property protected pure rand randc randcase randsequence ref \
     reject_on restrict return s_always s_eventually s_nexttime s_until s_until_with sequence shortint \
     shortreal soft solve static std string strong struct super supply sync_accept_on sync_reject_on \
     tagged this throughout timeprecision timeunit type typedef union unique unique0 until until_with \
     untyped var virtual void wait_order weak wildcard with within",
    // C++
    "abort alignas alignof asm atomic_cancel atomic_commit atomic_noexcept auto bool catch char char16_t \
     char32_t char8_t co_await co_return co_yield concept const_cast consteval constexpr constinit \
     decltype delete double dynamic_cast explicit false far float friend goto huge inline long main \
     mutable namespace near noexcept nullptr operator override private public register reinterpret_cast \
     requires short sizeof static_assert static_cast switch template thread_local throw transaction_safe \
     true try typeid typename using volatile wchar_t",
];

/// Each word of [`RESERVED`].
static RESERVED_NAMES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| RESERVED.iter().flat_map(|words| words.split_whitespace()).collect());

/// Whether a language that reads the Verilog, or that tools make of it, has this word.
pub fn is_reserved(word: &str) -> bool {
    RESERVED_NAMES.contains(word)
}

/// The names of one scope: the nets and instances of a module, or the modules of a design.
#[derive(Debug, Default)]
pub struct Names {
    /// Every name in use but the reserved ones.
    taken: HashMap<String, Taken>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    /// The last number that was put after the name.
    number: usize,
    /// Whether the name is that of a net, not only of an instance.
    is_net: bool,
}

impl Names {
    pub fn new() -> Self {
        Self::default()
    }

    /// All of `words`, as if they were nets.
    pub fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        Self { taken: words.map(|word| (word.to_owned(), Taken { number: 0, is_net: true })).collect() }
    }

    /// Whether a net is called `name`.
    pub fn has_net(&self, name: &str) -> bool {
        self.taken.get(name).is_some_and(|taken| taken.is_net)
    }

    /// `wanted` as a Verilog identifier, with the least free `_1`, `_2`, ... after it if it is taken or reserved.
    pub fn claim(&mut self, wanted: &str) -> String {
        self.claim_as(wanted, true, |_| false)
    }

    /// As [`Names::claim`], for what is no net, and no name that is taken `elsewhere`.
    pub fn claim_outside(&mut self, wanted: &str, elsewhere: impl Fn(&str) -> bool) -> String {
        self.claim_as(wanted, false, elsewhere)
    }

    fn claim_as(&mut self, wanted: &str, is_net: bool, elsewhere: impl Fn(&str) -> bool) -> String {
        let base = identifier(wanted);
        let claimed = Taken { number: 0, is_net };
        let mut taken = match self.taken.get(&base) {
            Some(taken) => *taken,
            None if !RESERVED_NAMES.contains(&*base) && !elsewhere(&base) => {
                self.taken.insert(base.clone(), claimed);
                return base;
            }
            None => Taken::default(),
        };
        let name = loop {
            taken.number += 1;
            let name = format!("{base}_{}", taken.number);
            if !self.taken.contains_key(&name) && !elsewhere(&name) {
                break name;
            }
        };
        self.taken.insert(base, taken);
        self.taken.insert(name.clone(), claimed);
        name
    }
}

/// `wanted` with `_` for every character that an identifier may not hold.
fn identifier(wanted: &str) -> String {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = wanted.replace(|c: char| !is_allowed(c), "_");
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() { format!("_{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clashes_and_reserved_words_get_the_least_free_number() {
        let mut names = Names::new();
        let claimed =
            ["sum", "sum_1", "sum", "sum", "small", "std", "lane[3].x", "3dq", ""].map(|n| names.claim(n));
        assert_eq!(claimed, ["sum", "sum_1", "sum_2", "sum_3", "small_1", "std_1", "lane_3__x", "_3dq", "_"]);
        let inside = |name: &str| ["layer", "layer_1"].contains(&name);
        assert_eq!(names.claim_outside("layer", inside), "layer_2");
        assert_eq!(names.claim_outside("sum", inside), "sum_4");
        assert_eq!(
            ["sum_3", "sum_4", "layer", "small"].map(|name| names.has_net(name)),
            [true, false, false, false]
        );
    }
}
