//! The typed ports around a core.

/// A block of rust-hdl that holds a circuit: a struct with a `Signal` for each port, called as the port.
///
/// The block's `new` takes the finished circuit and returns the block, or every [`BlockError`](crate::rust_hdl::BlockError).
/// A clocked circuit has the inputs `clk` and `rst`; `rst` is synchronous and active high, and rust-hdl's own widgets have none:
/// drive it with rust-hdl's `AutoReset`, or hold it low where the bitstream's initial state will do.
///
/// ```
/// use rust_hdl_core::prelude::*;
/// use ternlet::hdl::{Module, signed};
///
/// ternlet::rust_hdl_block! {
///     /// `y = 3 x`
///     struct Thrice {
///         inputs { x: Signed<8> }
///         outputs { y: Signed<10> }
///     }
/// }
///
/// let m = Module::new("thrice");
/// let x = m.input("x", signed(8));
/// m.output("y", x * 3);
/// let mut block = TopWrap::new(Thrice::new(m.finish().unwrap()).unwrap());
/// block.uut.x.connect();
/// block.connect_all();
/// assert!(generate_verilog(&block).contains("thrice thrice$core ("));
///
/// block.uut.x.next = Signed::from(-7);
/// while { block.update_all(); block.has_changed() } {}
/// assert_eq!(block.uut.y.val(), Signed::from(-21));
/// ```
#[macro_export]
macro_rules! rust_hdl_block {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $block:ident {
            inputs { $($input:ident: $input_type:ty),* $(,)? }
            outputs { $($output:ident: $output_type:ty),* $(,)? }
        }
    ) => {
        $(#[$attribute])*
        $visibility struct $block {
            $(pub $input: $crate::rust_hdl::rust_hdl_core::signal::Signal<
                $crate::rust_hdl::rust_hdl_core::direction::In, $input_type>,)*
            $(pub $output: $crate::rust_hdl::rust_hdl_core::signal::Signal<
                $crate::rust_hdl::rust_hdl_core::direction::Out, $output_type>,)*
            _core: $crate::rust_hdl::Core,
        }

        impl $block {
            /// The block that holds `circuit`.
            ///
            /// # Errors
            /// If its ports are not those of the circuit: all differences.
            pub fn new(
                circuit: impl ::std::convert::Into<::std::rc::Rc<$crate::hdl::Circuit>>,
            ) -> ::std::result::Result<Self, ::std::vec::Vec<$crate::rust_hdl::BlockError>> {
                let inputs = [$($crate::rust_hdl::PortDeclaration::of::<$input_type>(stringify!($input))),*];
                let outputs = [$($crate::rust_hdl::PortDeclaration::of::<$output_type>(stringify!($output))),*];
                let core = $crate::rust_hdl::Core::new(circuit, &inputs, &outputs)?;
                ::std::result::Result::Ok(Self {
                    $($input: ::std::default::Default::default(),)*
                    $($output: ::std::default::Default::default(),)*
                    _core: core,
                })
            }
        }

        impl $crate::rust_hdl::rust_hdl_core::logic::Logic for $block {
            fn update(&mut self) {
                let inputs = ::std::vec![$($crate::rust_hdl::Wire::to_word(self.$input.val())),*];
                let mut outputs = self._core.update(inputs).into_iter();
                $(self.$output.next = $crate::rust_hdl::Wire::of_word(
                    &outputs.next().expect("a word for each output"));)*
            }

            fn connect(&mut self) {
                $($crate::rust_hdl::rust_hdl_core::logic::Logic::connect(&mut self.$output);)*
            }

            fn hdl(&self) -> $crate::rust_hdl::rust_hdl_core::ast::Verilog {
                self._core.hdl()
            }
        }

        impl $crate::rust_hdl::rust_hdl_core::block::Block for $block {
            fn connect_all(&mut self) {
                $crate::rust_hdl::rust_hdl_core::logic::Logic::connect(self);
                $($crate::rust_hdl::rust_hdl_core::block::Block::connect_all(&mut self.$input);)*
                $($crate::rust_hdl::rust_hdl_core::block::Block::connect_all(&mut self.$output);)*
            }

            fn update_all(&mut self) {
                $crate::rust_hdl::rust_hdl_core::logic::Logic::update(self);
                $($crate::rust_hdl::rust_hdl_core::block::Block::update_all(&mut self.$input);)*
                $($crate::rust_hdl::rust_hdl_core::block::Block::update_all(&mut self.$output);)*
            }

            fn has_changed(&self) -> bool {
                false
                    $(|| $crate::rust_hdl::rust_hdl_core::block::Block::has_changed(&self.$input))*
                    $(|| $crate::rust_hdl::rust_hdl_core::block::Block::has_changed(&self.$output))*
            }

            fn accept(&self, name: &str, probe: &mut dyn $crate::rust_hdl::rust_hdl_core::probe::Probe) {
                probe.visit_start_scope(name, self);
                $($crate::rust_hdl::rust_hdl_core::block::Block::accept(
                    &self.$input, stringify!($input), probe);)*
                $($crate::rust_hdl::rust_hdl_core::block::Block::accept(
                    &self.$output, stringify!($output), probe);)*
                probe.visit_end_scope(name, self);
            }
        }
    };
}
