//! The nodes of the design and their tensors, as they are made.

use super::names::Names;
use crate::datapath::{Catalog, IntType, LoadError, Source, Tensor};
use crate::graph::{Endpoint, Feed, Node};
use crate::hdl::Range;
use crate::stream::bounds;
use toml::{Table, Value};

/// Collects nodes; each is loaded, so that what leaves it is known.
pub struct Maker<'c> {
    catalog: &'c Catalog,
    pub nodes: Vec<Node>,
    /// The type of what leaves each node.
    types: Vec<IntType>,
    pub tensors: Tensors,
    pub names: Names,
}

/// Tensors of the one file that the design reads.
pub struct Tensors {
    pub file: String,
    pub list: Vec<(String, Tensor)>,
}

impl Source for Tensors {
    fn tensor(&self, _: &str, name: Option<&str>) -> Result<Tensor, String> {
        let found = self.list.iter().find(|(found, _)| Some(&found[..]) == name);
        found.map(|(_, tensor)| tensor.clone()).ok_or_else(|| format!("there is no tensor {name:?}"))
    }
}

/// Keys of a node, in the order in which they are written.
#[derive(Clone, Debug, Default)]
pub struct Keys(pub Table);

impl Keys {
    /// Those that say what map comes in.
    pub fn of_map(size: &[usize], channels: usize, input: IntType) -> Self {
        Self::default().with_counts("size", size).with_count("channels", channels).with_type("input", input)
    }

    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.into(), value.into());
        self
    }

    pub fn with_count(self, key: &str, count: usize) -> Self {
        self.with(key, count as i64)
    }

    pub fn with_counts(self, key: &str, counts: &[usize]) -> Self {
        let counts: Vec<Value> = counts.iter().map(|count| Value::Integer(*count as i64)).collect();
        self.with(key, counts)
    }

    /// Numbers of axes; one where all are alike, nothing where they are the default.
    pub fn with_axes(self, key: &str, counts: &[usize], default: Option<usize>) -> Self {
        match counts {
            [first, rest @ ..] if rest.iter().all(|count| count == first) => {
                if Some(*first) == default {
                    self
                } else {
                    self.with_count(key, *first)
                }
            }
            _ => self.with_counts(key, counts),
        }
    }

    /// Positions before and after each axis.
    pub fn with_padding(self, key: &str, padding: &[[usize; 2]]) -> Self {
        if padding.iter().all(|[before, after]| before == after) {
            let counts: Vec<usize> = padding.iter().map(|ends| ends[0]).collect();
            return self.with_axes(key, &counts, Some(0));
        }
        let ends =
            |ends: &[usize; 2]| Value::Array(ends.iter().map(|end| Value::Integer(*end as i64)).collect());
        self.with(key, padding.iter().map(ends).collect::<Vec<_>>())
    }

    pub fn with_type(self, key: &str, ty: IntType) -> Self {
        self.with(key, ty.to_string())
    }
}

/// The smallest type that holds both.
pub fn type_of(lo: i64, hi: i64) -> IntType {
    let types = (1..64).flat_map(|bits| [IntType { signed: false, bits }, IntType { signed: true, bits }]);
    types
        .filter(|ty| ty.signed || ty.bits < 63)
        .find(|ty| ty.lo() <= lo && hi <= ty.hi())
        .unwrap_or(IntType { signed: true, bits: 63 })
}

fn type_of_range(range: &Range) -> IntType {
    let (lo, hi) = bounds(range);
    type_of(lo, hi)
}

impl<'c> Maker<'c> {
    pub fn new(catalog: &'c Catalog, file: String) -> Self {
        let tensors = Tensors { file, list: Vec::new() };
        Self { catalog, nodes: Vec::new(), types: Vec::new(), tensors, names: Names::default() }
    }

    /// The type of what leaves node `index`.
    pub fn output(&self, index: usize) -> IntType {
        self.types[index]
    }

    /// Adds a tensor, and gives the table by which keys name it.
    pub fn tensor(&mut self, name: String, shape: Vec<usize>, values: Vec<i64>) -> Value {
        let mut table = Table::new();
        table.insert("file".into(), self.tensors.file.clone().into());
        table.insert("tensor".into(), name.clone().into());
        self.tensors.list.push((name, Tensor { shape, values }));
        Value::Table(table)
    }

    /// Adds node `name`, fed by these streams under the names of its inputs; gives its index.
    ///
    /// # Errors
    /// What its datapath refuses.
    pub fn add(
        &mut self,
        name: String,
        kind: &str,
        from: &[(&str, Endpoint)],
        keys: Keys,
    ) -> Result<usize, String> {
        let feed = match from {
            [(_, only)] if self.nodes.last().is_some_and(|last| last.name == only.node) => Feed::Before,
            [(_, only)] => Feed::One(only.clone()),
            _ => Feed::Each(from.iter().map(|(input, from)| ((*input).to_owned(), from.clone())).collect()),
        };
        let node = Node { name, kind: kind.into(), feed, keys: keys.0 };
        let ty = self.loaded(&node)?;
        self.nodes.push(node);
        self.types.push(ty);
        Ok(self.nodes.len() - 1)
    }

    /// Adds a table to the keys of node `index`.
    ///
    /// # Errors
    /// What its datapath refuses.
    pub fn extend(&mut self, index: usize, key: &str, table: Keys) -> Result<(), String> {
        self.nodes[index].keys.insert(key.into(), Value::Table(table.0));
        self.types[index] = self.loaded(&self.nodes[index])?;
        Ok(())
    }

    fn loaded(&self, node: &Node) -> Result<IntType, String> {
        let entry =
            self.catalog.find(&node.kind).ok_or_else(|| format!("there is no datapath {}", node.kind))?;
        let loaded = entry.load(node.keys.clone(), &self.tensors).map_err(|error| match error {
            LoadError::Key { field, message } => format!("as {}, {field}: {message}", node.kind),
            LoadError::Values(values) => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                format!("as {}, {}", node.kind, values.join("; "))
            }
        })?;
        Ok(type_of_range(&loaded.ports().outputs[0].fields[0].range))
    }

    /// Where what node `index` gives leaves it.
    pub fn endpoint(&self, index: usize) -> Endpoint {
        Endpoint::of(&self.nodes[index].name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_type_holds_both() {
        for (lo, hi, ty) in
            [(0, 15, "u4"), (-1, 1, "s2"), (0, 1, "u1"), (-8, 7, "s4"), (-9, 7, "s5"), (0, 0, "u1")]
        {
            assert_eq!(type_of(lo, hi).to_string(), ty);
        }
    }
}
