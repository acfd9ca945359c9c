//! The values of a running circuit, each held to its range.

use super::flatten::Scope;
use super::node::NodeId;
use super::range::Range;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// What a slot holds the value of.
#[derive(Clone, Copy)]
pub enum Owner {
    Node { scope: usize, node: NodeId },
    Memory { scope: usize, memory: usize },
}

/// A numbered place for each value: a machine integer where its range allows that, otherwise a big one.
#[derive(Default)]
pub struct Slots {
    values: Vec<Value>,
    owners: Vec<Owner>,
}

enum Value {
    Small { value: i64, lo: i64, hi: i64 },
    Large(Box<(BigInt, Range)>),
}

/// The values of some slots.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Saved {
    small: Vec<i64>,
    large: Vec<BigInt>,
}

impl Slots {
    /// What these slots hold.
    pub fn save(&self, slots: &[usize]) -> Saved {
        let mut saved = Saved { small: Vec::new(), large: Vec::new() };
        for &slot in slots {
            match &self.values[slot] {
                Value::Small { value, .. } => saved.small.push(*value),
                Value::Large(large) => saved.large.push(large.0.clone()),
            }
        }
        saved
    }

    /// Puts back what these slots held.
    pub fn load(&mut self, slots: &[usize], saved: &Saved) {
        let (mut small, mut large) = (saved.small.iter(), saved.large.iter());
        for &slot in slots {
            match &mut self.values[slot] {
                Value::Small { value, .. } => *value = *small.next().expect("saved of these slots"),
                Value::Large(place) => place.0.clone_from(large.next().expect("saved of these slots")),
            }
        }
    }

    /// A new slot, holding the integer of `range` that is nearest to 0.
    pub fn add(&mut self, range: &Range, owner: Owner) -> usize {
        self.values.push(match (range.lo().to_i64(), range.hi().to_i64()) {
            (Some(lo), Some(hi)) => Value::Small { value: 0.clamp(lo, hi), lo, hi },
            _ => {
                let nearest = BigInt::ZERO.clamp(range.lo().clone(), range.hi().clone());
                Value::Large(Box::new((nearest, range.clone())))
            }
        });
        self.owners.push(owner);
        self.values.len() - 1
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn get(&self, slot: usize) -> BigInt {
        match &self.values[slot] {
            Value::Small { value, .. } => BigInt::from(*value),
            Value::Large(large) => large.0.clone(),
        }
    }

    /// # Panics
    /// If the value is not small.
    pub fn get_small(&self, slot: usize) -> i128 {
        match &self.values[slot] {
            Value::Small { value, .. } => i128::from(*value),
            Value::Large(large) => large.0.to_i128().expect("an operand of a small formula is small"),
        }
    }

    pub fn is_one(&self, slot: usize) -> bool {
        matches!(self.values[slot], Value::Small { value: 1, .. })
    }

    /// # Panics
    /// If `value` is out of range, as all that store a value.
    pub fn set(&mut self, slot: usize, value: &BigInt, scopes: &[Scope]) {
        match &mut self.values[slot] {
            Value::Small { value: place, lo, hi } => match value.to_i64() {
                Some(small) if (*lo..=*hi).contains(&small) => *place = small,
                _ => self.violation(slot, value, scopes),
            },
            Value::Large(large) if large.1.contains(value) => large.0.clone_from(value),
            Value::Large(_) => self.violation(slot, value, scopes),
        }
    }

    pub fn set_small(&mut self, slot: usize, value: i128, scopes: &[Scope]) {
        match &mut self.values[slot] {
            Value::Small { value: place, lo, hi } if (i128::from(*lo)..=i128::from(*hi)).contains(&value) => {
                *place = value as i64;
            }
            _ => self.set(slot, &BigInt::from(value), scopes),
        }
    }

    pub fn copy(&mut self, source: usize, target: usize, scopes: &[Scope]) {
        match &self.values[source] {
            Value::Small { value, .. } => self.set_small(target, i128::from(*value), scopes),
            Value::Large(_) => self.set(target, &self.get(source), scopes),
        }
    }

    /// What the slot's range holds nearest to `value`.
    pub fn nearest(&self, slot: usize, value: BigInt) -> BigInt {
        match &self.values[slot] {
            Value::Small { lo, hi, .. } => value.clamp((*lo).into(), (*hi).into()),
            Value::Large(large) => value.clamp(large.1.lo().clone(), large.1.hi().clone()),
        }
    }

    pub fn nearest_small(&self, slot: usize, value: i128) -> i128 {
        match &self.values[slot] {
            Value::Small { lo, hi, .. } => value.clamp((*lo).into(), (*hi).into()),
            Value::Large(_) => value,
        }
    }

    fn violation(&self, slot: usize, value: &BigInt, scopes: &[Scope]) -> ! {
        let range = match &self.values[slot] {
            Value::Small { lo, hi, .. } => format!("{lo}..={hi}"),
            Value::Large(large) => large.1.to_string(),
        };
        let (path, name, at) = match self.owners[slot] {
            Owner::Node { scope, node: id } => {
                let node = &scopes[scope].body.nodes[id];
                (&scopes[scope].path, node.name.clone().unwrap_or_else(|| format!("n{id}")), node.at)
            }
            Owner::Memory { scope, memory } => {
                let memory = &scopes[scope].body.memories[memory];
                (&scopes[scope].path, memory.name.clone(), memory.at)
            }
        };
        panic!("{path}{name} is {value}, which is not in {range} ({}:{})", at.file(), at.line());
    }
}
