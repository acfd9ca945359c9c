//! From the graph as a value to the datapaths and what is between them.

use super::GraphError;
use super::network::{Network, Placed};
use super::value::{Graph, WORLD};
use super::wiring::Wiring;
use crate::datapath::{Catalog, Datapath, LoadError, Source};

impl Graph {
    /// The datapaths of `catalog` that the graph means, with the weights of `source`, joined.
    ///
    /// # Errors
    /// All problems that can be reported at once: names, kinds, keys and values of nodes; and where these are right, edges to nowhere,
    /// loops, and streams that cannot be joined.
    pub fn load(&self, catalog: &Catalog, source: &dyn Source) -> Result<Network, Vec<GraphError>> {
        let mut errors = self.check_names();
        let mut datapaths = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let at = self.at(index);
            let Some(entry) = catalog.find(&node.kind) else {
                let why =
                    format!("there is no datapath \"{}\"; the datapaths are {}", node.kind, catalog.kinds());
                errors.push(GraphError { at: format!("{at}.kind"), message: why });
                continue;
            };
            match entry.load(node.keys.clone(), source) {
                Ok(datapath) => datapaths.push(datapath),
                Err(LoadError::Key { field, message }) => {
                    let at = if field == "." { at } else { format!("{at}.{field}") };
                    errors.push(GraphError { at, message });
                }
                Err(LoadError::Values(values)) => errors.extend(values.into_iter().map(|error| {
                    let message = format!("{at}.{error}");
                    GraphError { at: format!("{at}.{}", error.field), message }
                })),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let wiring = Wiring::of(self, &datapaths)?;
        let placed = |(node, datapath): (&super::Node, Box<dyn Datapath>)| Placed {
            name: node.name.clone(),
            ports: datapath.ports(),
            datapath,
        };
        let nodes = self.nodes.iter().zip(datapaths).map(placed).collect();
        Ok(Network::new(nodes, wiring, self.is_single()))
    }

    /// Names that cannot be, or are there twice.
    fn check_names(&self) -> Vec<GraphError> {
        let nodes = self.nodes.iter().enumerate();
        let nodes = nodes.map(|(index, node)| (format!("{}.name", self.at(index)), node.name.as_str()));
        let streams = [("outputs", &self.outputs), ("probes", &self.probes)];
        let streams = streams.iter().flat_map(|(key, streams)| {
            streams.iter().map(move |(name, _)| (format!("{key}.{name}"), name.as_str()))
        });
        let mut errors = Vec::new();
        for names in [nodes.collect::<Vec<_>>(), streams.collect()] {
            for (index, (at, name)) in names.iter().enumerate() {
                let twice = names[..index].iter().any(|(_, other)| other == name);
                errors.extend(name_fault(name, twice).map(|why| GraphError::new(at, why)));
            }
        }
        errors
    }
}

/// What is wrong with a name, which another has too if `twice`.
fn name_fault(name: &str, twice: bool) -> Option<String> {
    let sound = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !sound {
        Some(format!("\"{name}\": a name is lower-case letters, digits and underscores, a letter first"))
    } else if name == WORLD {
        Some(format!("\"{WORLD}\" stands for what is outside; choose another name"))
    } else {
        twice.then(|| format!("\"{name}\": two have this name; rename one"))
    }
}
