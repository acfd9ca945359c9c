//! ONNX files: what stands in them, checked before it is believed.

mod attribute;
mod constant;
mod model;
mod node;
mod order;
mod proto;
mod tensor;

pub use attribute::{Attribute, Attributes};
pub use constant::{Constant, Element, Values};
pub use model::{Input, Model};
pub use node::Node;
