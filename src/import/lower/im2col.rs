//! Convolutions that FINN has made matrices: a transpose, Im2Col, a matrix, a transpose back.

use super::Lowering;
use super::matrix::{Walk, Windows};
use super::value::{Columns, Held, Layout, Value, View};
use crate::import::onnx::Node;

impl Lowering<'_> {
    pub fn im2col(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let attributes = &node.attributes;
        let Held::Value(value) = self.taken(node, 0)? else { return Err("its input is a constant".into()) };
        if value.view != View::Last {
            return Err("the channels of its input are not the last axis, as FINN has them".into());
        }
        let pair = |name: &str, default: Option<usize>| -> Result<Vec<usize>, String> {
            let list = attributes.counts(name)?.or(default.map(|one| vec![one; 2]));
            let list = list.filter(|list| list.len() == 2 && !list.contains(&0));
            list.ok_or_else(|| format!("its {name} is not two numbers, each 1 or more"))
        };
        let pads = attributes.counts("pad_amount")?.unwrap_or(vec![0; 4]);
        let [top, left, bottom, right] = pads[..] else {
            return Err(format!("its pad_amount {pads:?} is not four numbers"));
        };
        if attributes.int("depthwise", 0)? != 0 || attributes.int("pad_value", 0)? != 0 {
            return Err("it is depthwise, or pads with something else than 0; import the model before that transformation".into());
        }
        let columns = Columns {
            kernel: pair("kernel_size", None)?,
            strides: pair("stride", None)?,
            dilations: pair("dilations", Some(1))?,
            padding: vec![[top, bottom], [left, right]],
        };
        Ok(vec![Held::Value(Value { view: View::Columns(Box::new(columns)), ..value.clone() })])
    }

    /// The convolution that both are; its weights are `[positions of a window and channels, filters]`, channels innermost.
    pub fn columns_times_matrix(&mut self, node: &Node, columns: Columns) -> Result<Vec<Held>, String> {
        let Columns { kernel, strides, dilations, padding } = columns;
        let weights = self.constant(node, 1)?.clone();
        let Held::Value(value) = self.taken(node, 0)?.clone() else { unreachable!("columns are a value") };
        let Layout::Map { channels, .. } = value.layout else { return Err("its input is no map".into()) };
        let taps: usize = kernel.iter().product();
        let [all, filters] = weights.shape[..] else {
            return Err(format!("its weights have the shape {:?}, and a matrix is imported", weights.shape));
        };
        if all != taps * channels {
            return Err(format!("its weights have {all} rows, but a window {} elements", taps * channels));
        }
        let place = |index: usize| {
            let (filter, column) = (index / all, index % all);
            (column % taps * channels + column / taps) * filters + filter
        };
        let index: Vec<usize> = (0..weights.count()).map(place).collect();
        let weights = weights.rearranged([&[filters, channels], &kernel[..]].concat(), &index);
        let codes = self.codes_of(node.input(0).unwrap_or_default(), value)?;
        let windows = Windows { kernel, walk: Walk { strides, dilations, groups: 1 }, padding };
        let made = self.convolved(node, codes, (&weights, None), &windows)?;
        let last = |held| match held {
            Held::Value(value) => Held::Value(Value { view: View::Last, ..value }),
            other => other,
        };
        Ok(made.into_iter().map(last).collect())
    }
}
