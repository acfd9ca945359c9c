//! From the graph as a value to the datapaths and what is between them.

use super::GraphError;
use super::names::{Once, fault, node_fault};
use super::network::{Network, Placed};
use super::remembered::{Noted, RoomStore, sized};
use super::value::Graph;
use super::wiring::Wiring;
use crate::datapath::{Catalog, Datapath, LoadError, Source};

impl Graph {
    /// The datapaths of `catalog` that the graph means, with the weights of `source`, joined.
    ///
    /// # Errors
    /// All problems that can be reported at once: names, kinds, keys and values of nodes; and where these are right, edges to nowhere,
    /// loops, and streams that cannot be joined.
    pub fn load(&self, catalog: &Catalog, source: &dyn Source) -> Result<Network, Vec<GraphError>> {
        self.joined(catalog, source).map(Network::sized)
    }

    /// As [`Graph::load`]; the rooms of edges, which take longest, are kept in `store` and taken from there the next time.
    ///
    /// # Errors
    /// As of [`Graph::load`].
    pub fn load_with(
        &self,
        catalog: &Catalog,
        source: &dyn Source,
        store: &dyn RoomStore,
    ) -> Result<Network, Vec<GraphError>> {
        let source = Noted::of(source);
        let network = self.joined(catalog, &source)?;
        Ok(match source.key(self) {
            Some(key) => sized(network, store, &key),
            None => network.sized(),
        })
    }

    /// The datapaths joined, without room on edges but what was chosen.
    fn joined(&self, catalog: &Catalog, source: &dyn Source) -> Result<Network, Vec<GraphError>> {
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

    /// Names that cannot be, or are there twice. Those of inputs are where edges name them.
    fn check_names(&self) -> Vec<GraphError> {
        let mut errors = Vec::new();
        let mut known = Once::default();
        for (index, node) in self.nodes.iter().enumerate().filter(|_| !self.is_single()) {
            let at = format!("{}.name", self.at(index));
            let why = node_fault(&node.name).or_else(|| known.add(&node.name, &at));
            errors.extend(why.map(|why| GraphError::new(at, why)));
        }
        let mut known = Once::default();
        for (key, streams) in [("outputs", &self.outputs), ("probes", &self.probes)] {
            for (name, _) in streams {
                let at = format!("{key}.{name}");
                let why = fault(name).or_else(|| known.add(name, &at));
                errors.extend(why.map(|why| GraphError::new(at, why)));
            }
        }
        errors
    }
}
