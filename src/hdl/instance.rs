//! Modules inside modules: finished circuits, and hand-written black boxes.

use super::module::Module;
use super::node::{BlackBox, Circuit, Definition, Instance, Op, Type};
use super::signal::{Signal, describe};
use std::panic::Location;
use std::rc::Rc;

impl Module {
    /// `circuit` inside this module: takes a signal for each of its inputs, gives one for each of its outputs.
    ///
    /// # Panics
    /// If the number of signals is not that of the inputs, or one of them may leave its input's range.
    #[track_caller]
    pub fn instance<'m>(
        &'m self,
        name: impl Into<String>,
        circuit: Rc<Circuit>,
        inputs: &[Signal<'m>],
    ) -> Vec<Signal<'m>> {
        let ports = circuit.inputs.iter().map(|&id| circuit.nodes[id].clone());
        let ports = ports.map(|node| (node.name.unwrap_or_default(), node.ty)).collect::<Vec<_>>();
        let outputs: Vec<Type> = circuit.outputs.iter().map(|output| output.ty.clone()).collect();
        self.place(name.into(), Definition::Circuit(circuit), &ports, inputs, outputs)
    }

    /// `name` for an instance, with the next number behind it: for a block that is described several times in a module or a part.
    pub fn numbered(&self, name: &str) -> String {
        let (instances, homes) = (self.instances.borrow(), self.instance_homes.borrow());
        let alike = |(instance, home): &(&Instance, &usize)| {
            **home == self.here.get()
                && instance.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'))
        };
        format!("{name}_{}", instances.iter().zip(homes.iter()).filter(alike).count())
    }

    /// A hand-written module inside this one, as [`Module::instance`].
    ///
    /// # Panics
    /// As [`Module::instance`].
    #[track_caller]
    pub fn black_box<'m>(
        &'m self,
        name: impl Into<String>,
        black_box: Rc<BlackBox>,
        inputs: &[Signal<'m>],
    ) -> Vec<Signal<'m>> {
        let ports = black_box.inputs.clone();
        let outputs = black_box.outputs.iter().map(|(_, ty)| ty.clone()).collect();
        self.place(name.into(), Definition::BlackBox(black_box), &ports, inputs, outputs)
    }

    #[track_caller]
    fn place<'m>(
        &'m self,
        name: String,
        definition: Definition,
        ports: &[(String, Type)],
        inputs: &[Signal<'m>],
        outputs: Vec<Type>,
    ) -> Vec<Signal<'m>> {
        assert!(
            ports.len() == inputs.len(),
            "instance `{name}` has {} inputs but is given {} signals",
            ports.len(),
            inputs.len()
        );
        let clocked = definition.is_clocked();
        assert!(
            !(clocked && self.feed_forward.get()),
            "instance `{name}` has state, but `map` takes a function without"
        );
        let inputs = ports
            .iter()
            .zip(inputs)
            .map(|((port, ty), &signal)| {
                self.own(signal);
                let given = signal.ty();
                let fits = match (ty, &given) {
                    (Type::Int(takes), Type::Int(can_be)) => takes.covers(can_be),
                    _ => *ty == given,
                };
                let (takes, given) = (describe(ty), describe(&given));
                assert!(fits, "input `{port}` of instance `{name}` takes {takes} but is given {given}");
                signal.id
            })
            .collect();
        let instance = {
            let mut instances = self.instances.borrow_mut();
            instances.push(Instance { name, definition, inputs, at: Location::caller() });
            self.instance_homes.borrow_mut().push(self.here.get());
            instances.len() - 1
        };
        let output = |(port, ty)| self.push(Op::Output { instance, port }, ty);
        outputs.into_iter().enumerate().map(output).collect()
    }
}
