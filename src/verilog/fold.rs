//! Operations on expressions of equal widths, without what a constant operand makes superfluous.

use super::ast::*;
use num_bigint::BigInt;

/// `a + b`
pub fn add(a: Expr, b: Expr) -> Expr {
    match (word(&a), word(&b)) {
        (Some(zero), _) if zero == BigInt::ZERO => b,
        (_, Some(zero)) if zero == BigInt::ZERO => a,
        _ => Expr::binary(Binary::Add, a, b),
    }
}

/// `a - b`
pub fn sub(a: Expr, b: Expr) -> Expr {
    match word(&b) {
        Some(zero) if zero == BigInt::ZERO => a,
        _ => Expr::binary(Binary::Sub, a, b),
    }
}

/// `a ^ b`
pub fn xor(a: Expr, b: Expr) -> Expr {
    let ones = ones(a.width());
    match (word(&a), word(&b)) {
        (Some(zero), _) if zero == BigInt::ZERO => b,
        (_, Some(zero)) if zero == BigInt::ZERO => a,
        (Some(all), _) if all == ones => inverted(b),
        (_, Some(all)) if all == ones => inverted(a),
        _ => Expr::binary(Binary::Xor, a, b),
    }
}

/// `condition ? then : otherwise`
pub fn choose(condition: Expr, then: Expr, otherwise: Expr) -> Expr {
    match condition.constant_bit() {
        _ if then == otherwise => then,
        None if then.constant_bit() == Some(true) && otherwise.constant_bit() == Some(false) => condition,
        None if then.constant_bit() == Some(false) && otherwise.constant_bit() == Some(true) => {
            inverted(condition)
        }
        Some(true) => then,
        Some(false) => otherwise,
        None if then.constant_bit() == Some(true) => gate(Binary::Or, condition, otherwise),
        None if otherwise.constant_bit() == Some(false) => gate(Binary::And, condition, then),
        None => Expr::Conditional(condition.into(), then.into(), otherwise.into()),
    }
}

/// `~a`
pub fn inverted(a: Expr) -> Expr {
    match &a {
        Expr::Literal { width, radix, signed, .. } => Expr::Literal {
            width: *width,
            radix: *radix,
            signed: *signed,
            value: ones(*width) - word(&a).expect("a literal"),
        },
        _ => Expr::unary(Unary::Not, a),
    }
}

/// `a & b` or `a | b`
pub fn gate(op: Binary, a: Expr, b: Expr) -> Expr {
    let all = ones(a.width());
    // The word that decides alone, 0 of `&`, and the one that changes nothing.
    let (decides, neutral) = if op == Binary::Or { (all, BigInt::ZERO) } else { (BigInt::ZERO, all) };
    match (word(&a), word(&b)) {
        (Some(word), _) if word == decides => a,
        (_, Some(word)) if word == decides => b,
        (Some(word), _) if word == neutral => b,
        (_, Some(word)) if word == neutral => a,
        _ => Expr::binary(op, a, b),
    }
}

/// The bits of a literal as an unsigned number.
fn word(expr: &Expr) -> Option<BigInt> {
    match expr {
        Expr::Literal { width, value, .. } => Some(value & ones(*width)),
        _ => None,
    }
}

fn ones(width: u32) -> BigInt {
    (BigInt::from(1) << width) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn what_a_constant_leaves() {
        let net =
            |name: &str| Expr::net(&Rc::new(Net { name: name.into(), width: 3, signed: false, index: 0 }));
        let (x, zero, all) = (net("x"), Expr::literal(0.into(), 3), Expr::literal((-1).into(), 3));
        let five = Expr::literal(5.into(), 3);
        assert_eq!([add(x.clone(), zero.clone()), add(zero.clone(), x.clone())], [x.clone(), x.clone()]);
        assert_eq!(sub(x.clone(), zero.clone()), x);
        assert_ne!(sub(zero.clone(), x.clone()), x);
        assert_eq!(xor(all.clone(), x.clone()), Expr::unary(Unary::Not, x.clone()));
        assert_eq!(xor(x.clone(), zero.clone()), x);
        assert_eq!(inverted(five.clone()), Expr::literal(2.into(), 3));
        assert_eq!(gate(Binary::And, x.clone(), all.clone()), x);
        assert_eq!(gate(Binary::And, x.clone(), zero.clone()), zero);
        assert_eq!(gate(Binary::Or, zero.clone(), x.clone()), x);
        assert_eq!(gate(Binary::Or, x.clone(), all.clone()), all);
        assert_eq!(
            gate(Binary::Or, x.clone(), five.clone()),
            Expr::binary(Binary::Or, x.clone(), five.clone())
        );
        assert_eq!(choose(net("c"), x.clone(), x.clone()), x);
        let bit = Expr::select(&Rc::new(Net { name: "b".into(), width: 3, signed: false, index: 1 }), 0, 0);
        let both = Expr::binary(Binary::And, bit.clone(), bit.clone());
        assert_eq!(choose(bit.clone(), bit.clone(), Expr::bit(false)), both);
        assert_eq!(choose(net("c"), Expr::bit(false), Expr::bit(true)), inverted(net("c")));
        assert_eq!(choose(Expr::bit(false), five, x.clone()), x);
    }
}
