//! The part of Verilog-2001 that generated modules are written in. Every width is explicit.

use num_bigint::{BigInt, Sign};
use std::borrow::Cow;
use std::rc::Rc;

/// A declared name that holds bits: a port, a wire or a register.
#[derive(Debug, PartialEq, Eq)]
pub struct Net {
    pub name: String,
    pub width: u32,
    pub signed: bool,
    /// Its number in its module, from 0.
    pub index: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    Not,
    /// All bits, and-ed together.
    ReduceAnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    And,
    Or,
    Xor,
    Eq,
    Ne,
    Lt,
    Le,
    LogicalAnd,
    LogicalOr,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Net(Rc<Net>),
    /// `net[high:low]`; the net has more than these bits.
    Select {
        net: Rc<Net>,
        high: u32,
        low: u32,
    },
    /// `memory[index]`
    Word {
        memory: Rc<str>,
        width: u32,
        index: Rc<Expr>,
    },
    /// `value` in `width` bits of two's complement. A negative one is written as a signed literal.
    Literal {
        width: u32,
        value: BigInt,
        signed: bool,
        radix: Radix,
    },
    Unary(Unary, Rc<Expr>),
    /// Both operands have the same width.
    Binary(Binary, Rc<Expr>, Rc<Expr>),
    Conditional(Rc<Expr>, Rc<Expr>, Rc<Expr>),
    /// The first is the most significant.
    Concat(Vec<Expr>),
    /// `{count{bits}}`
    Repeat(u32, Rc<Expr>),
    /// `$signed(bits)`
    Signed(Rc<Expr>),
    /// `$unsigned(bits)`
    Unsigned(Rc<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Radix {
    Decimal,
    Hexadecimal,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `target <= value;`
    Assign {
        target: Expr,
        value: Expr,
    },
    If {
        condition: Expr,
        then: Vec<Statement>,
        otherwise: Vec<Statement>,
    },
    /// `$display("message", arguments);`
    Display {
        message: String,
        arguments: Vec<Expr>,
    },
    Finish,
}

/// What stands after a declaration for the reader.
pub type Comment = String;

#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Wire {
        net: Rc<Net>,
        value: Option<Expr>,
        comment: Comment,
    },
    Reg {
        net: Rc<Net>,
        comment: Comment,
    },
    Assign {
        target: Expr,
        value: Expr,
        comment: Comment,
    },
    Memory {
        /// The attribute that puts it into block RAM or a large memory, if it must go there, and its value.
        style: Option<[&'static str; 2]>,
        name: Rc<str>,
        width: u32,
        words: usize,
        contents: Vec<Expr>,
        comment: Comment,
    },
    Instance(Instance),
    /// `always @(posedge clock)`
    Clocked {
        clock: Rc<Net>,
        body: Vec<Statement>,
    },
    /// What synthesis does not read.
    Simulation(Vec<Item>),
    Comment(String),
    /// What the items up to the next heading belong to.
    Heading(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    pub module: String,
    pub parameters: Vec<(Cow<'static, str>, i64)>,
    pub name: String,
    /// Ports that it reads, and what they are connected to.
    pub inputs: Vec<(Cow<'static, str>, Expr)>,
    /// Ports that it drives, and the nets that they drive.
    pub outputs: Vec<(Cow<'static, str>, Rc<Net>)>,
    pub comment: Comment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Input,
    Output,
    /// An output that a clocked block assigns.
    OutputReg,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    pub direction: Direction,
    pub net: Rc<Net>,
    /// Its highest bit, where a parameter says it and not the net.
    pub high: Option<&'static str>,
    pub comment: Comment,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    pub name: String,
    pub doc: String,
    /// Whether synthesis must not dissolve it into the module around it.
    pub keep_hierarchy: bool,
    /// Widths that an instance says; 1 where it does not.
    pub parameters: Vec<&'static str>,
    pub ports: Vec<Port>,
    pub items: Vec<Item>,
}

impl Expr {
    pub fn net(net: &Rc<Net>) -> Self {
        Expr::Net(net.clone())
    }

    /// Bits `low ..= high` of `net`.
    pub fn select(net: &Rc<Net>, high: u32, low: u32) -> Self {
        if low == 0 && high + 1 == net.width {
            return Expr::net(net);
        }
        Expr::Select { net: net.clone(), high, low }
    }

    pub fn literal(value: BigInt, width: u32) -> Self {
        Expr::Literal { width, value, signed: false, radix: Radix::Decimal }
    }

    pub fn bit(value: bool) -> Self {
        Expr::literal(value.into(), 1)
    }

    /// The value of a literal of one bit.
    pub fn constant_bit(&self) -> Option<bool> {
        match self {
            Expr::Literal { width: 1, value, .. } => Some(value.bit(0)),
            _ => None,
        }
    }

    pub fn unary(op: Unary, a: Expr) -> Self {
        Expr::Unary(op, a.into())
    }

    pub fn binary(op: Binary, a: Expr, b: Expr) -> Self {
        Expr::Binary(op, a.into(), b.into())
    }

    /// The parts one after the other, the first the most significant; nested concatenations become one, as do neighbouring bits
    /// of one net, and a part that comes often in a row is written once.
    pub fn concat(parts: impl IntoIterator<Item = Expr>) -> Self {
        const OFTEN: usize = 3;
        let mut flat: Vec<Expr> = Vec::new();
        let mut append = |part: Expr| match flat.last().and_then(|above| above.joined(&part)) {
            Some(joined) => *flat.last_mut().expect("there is one above") = joined,
            None => flat.push(part),
        };
        for part in parts {
            match part {
                Expr::Concat(parts) => parts.into_iter().for_each(&mut append),
                part => append(part),
            }
        }
        if flat.len() > 1 && flat.windows(2).all(|pair| pair[0] != pair[1]) {
            return Expr::Concat(flat);
        }
        let mut short = Vec::with_capacity(flat.len());
        let runs: Vec<usize> = flat.chunk_by(|a, b| a == b).map(<[Expr]>::len).collect();
        let mut flat = flat.into_iter();
        for count in runs {
            if count < OFTEN {
                short.extend(flat.by_ref().take(count));
            } else {
                let same = flat.nth(count - 1).expect("a run is of its length");
                short.push(Expr::repeat(count as u32, same));
            }
        }
        if short.len() == 1 { short.remove(0) } else { Expr::Concat(short) }
    }

    /// The bits of this expression and those of `below`, where they are neighbours in one net.
    fn joined(&self, below: &Expr) -> Option<Expr> {
        match (self, below) {
            (Expr::Select { net, high, low: next }, Expr::Select { net: same, high: top, low })
                if net == same && *next == top + 1 =>
            {
                Some(Expr::select(net, *high, *low))
            }
            _ => None,
        }
    }

    pub fn repeat(count: u32, bits: Expr) -> Self {
        if count == 1 { bits } else { Expr::Repeat(count, bits.into()) }
    }

    pub fn width(&self) -> u32 {
        match self {
            Expr::Net(net) => net.width,
            Expr::Select { high, low, .. } => high - low + 1,
            Expr::Word { width, .. } | Expr::Literal { width, .. } => *width,
            Expr::Unary(Unary::ReduceAnd, _) => 1,
            Expr::Unary(Unary::Not, a) | Expr::Signed(a) | Expr::Unsigned(a) => a.width(),
            Expr::Binary(op, _, _) if op.is_truth() => 1,
            Expr::Binary(_, a, _) | Expr::Conditional(_, a, _) => a.width(),
            Expr::Concat(parts) => parts.iter().map(Expr::width).sum(),
            Expr::Repeat(count, a) => count * a.width(),
        }
    }

    /// Whether Verilog compares this expression as a signed number.
    pub fn is_signed(&self) -> bool {
        match self {
            Expr::Net(net) => net.signed,
            Expr::Literal { value, signed, .. } => *signed || value.sign() == Sign::Minus,
            Expr::Unary(Unary::Not, a) => a.is_signed(),
            Expr::Binary(op, a, b) => !op.is_truth() && a.is_signed() && b.is_signed(),
            Expr::Conditional(_, a, b) => a.is_signed() && b.is_signed(),
            Expr::Signed(_) => true,
            _ => false,
        }
    }

    /// The same bits, which Verilog compares as a signed number if `signed`.
    pub fn with_sign(self, signed: bool) -> Self {
        match self {
            Expr::Literal { width, value, radix, .. } => Expr::Literal { width, value, signed, radix },
            bits if bits.is_signed() == signed => bits,
            bits if signed => Expr::Signed(bits.into()),
            bits => Expr::Unsigned(bits.into()),
        }
    }

    /// The most significant bit, where Verilog can name it without naming the expression first.
    pub fn msb(&self) -> Option<Expr> {
        match self {
            Expr::Net(net) => Some(Expr::select(net, net.width - 1, net.width - 1)),
            Expr::Select { net, high, .. } => Some(Expr::select(net, *high, *high)),
            Expr::Literal { width, value, .. } => Some(Expr::bit(value.bit(u64::from(width - 1)))),
            Expr::Concat(parts) => parts[0].msb(),
            Expr::Repeat(_, bits) => bits.msb(),
            bits if bits.width() == 1 => Some(bits.clone()),
            _ => None,
        }
    }

    /// Whether it has an [`msb`](Self::msb).
    pub fn has_msb(&self) -> bool {
        match self {
            Expr::Net(_) | Expr::Select { .. } | Expr::Literal { .. } => true,
            Expr::Concat(parts) => parts[0].has_msb(),
            Expr::Repeat(_, bits) => bits.has_msb(),
            bits => bits.width() == 1,
        }
    }

    /// The same two's-complement (where `signed`) or unsigned number in `width` bits, at least its own.
    ///
    /// # Panics
    /// If its sign has to be repeated and it has no [`msb`](Self::msb).
    pub fn extended(self, signed: bool, width: u32) -> Expr {
        let missing = width - self.width();
        match self {
            bits if missing == 0 => bits,
            Expr::Literal { value, signed, radix, .. } => Expr::Literal { width, value, signed, radix },
            bits if signed => {
                let sign = bits.msb().expect("an extended expression has a sign bit to repeat");
                Expr::concat([Expr::repeat(missing, sign), bits])
            }
            bits => Expr::concat([Expr::literal(0.into(), missing), bits]),
        }
    }

    pub fn starts_with_operator(&self) -> bool {
        match self {
            Expr::Literal { value, .. } => value.sign() == Sign::Minus,
            Expr::Unary(..) => true,
            _ => false,
        }
    }

    /// The number of names and literals in it.
    pub fn leaves(&self) -> usize {
        match self {
            Expr::Net(_) | Expr::Select { .. } | Expr::Word { .. } | Expr::Literal { .. } => 1,
            Expr::Unary(_, a) | Expr::Repeat(_, a) | Expr::Signed(a) | Expr::Unsigned(a) => a.leaves(),
            Expr::Binary(_, a, b) => a.leaves() + b.leaves(),
            Expr::Conditional(a, b, c) => a.leaves() + b.leaves() + c.leaves(),
            Expr::Concat(parts) => parts.iter().map(Expr::leaves).sum(),
        }
    }
}

impl Binary {
    /// Whether the result is one bit, whatever the operands' width.
    pub fn is_truth(self) -> bool {
        use Binary::*;
        matches!(self, Eq | Ne | Lt | Le | LogicalAnd | LogicalOr)
    }
}
