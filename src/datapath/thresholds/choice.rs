//! Which form costs the least.

use super::{Form, Thresholds, table};
use crate::datapath::circuit;
use crate::device::{Counts, Family};
use crate::estimate::cost;
use crate::hdl::Timing;
use std::sync::{Arc, Mutex};

/// What the forms take on a family, each counted but once.
#[derive(Clone, Debug, Default)]
pub struct Costs(Arc<Mutex<Vec<Counted>>>);

/// The forms that keep the pace, for a family and a clock in which a search is fast enough or is not.
#[derive(Clone, Debug)]
struct Counted {
    family: Option<Family>,
    searches: bool,
    forms: Vec<(Form, Counts)>,
}

impl Costs {
    /// The forms and what they take, the cheapest first.
    fn of(&self, thresholds: &Thresholds, timing: Timing) -> Vec<(Form, Counts)> {
        let (family, searches) = (timing.family(), timing.searches(&thresholds.acc.range));
        let mut known = self.0.lock().expect("nobody panics while counting");
        let found = known.iter().find(|counted| (counted.family, counted.searches) == (family, searches));
        if let Some(found) = found {
            return found.forms.clone();
        }
        let keeps = |form: &Form| match form {
            Form::Table => thresholds.acc.range.width() <= table::MOST_BITS,
            Form::Search => searches && form.cycles(thresholds.bits()) <= thresholds.acc.cycles,
            _ => true,
        };
        let counted_for = family.unwrap_or(Family::ICE40_HX);
        let counted = |form: Form| {
            let forced = Thresholds { asked: Some(form), ..thresholds.clone() };
            (form, cost(&circuit(&forced, "thresholds", timing), counted_for))
        };
        let mut forms: Vec<(Form, Counts)> = Form::ALL.into_iter().filter(keeps).map(counted).collect();
        forms.sort_by_key(|(_, counts)| counted_for.numbers().logic_cells(counts));
        known.push(Counted { family, searches, forms: forms.clone() });
        forms
    }

    pub fn cheapest(&self, thresholds: &Thresholds, timing: Timing) -> Form {
        self.of(thresholds, timing)[0].0
    }

    /// What each takes, in words.
    pub fn shown(&self, thresholds: &Thresholds, timing: Timing) -> String {
        let of_form = |(form, Counts { lut4, block_ram, .. }): (Form, Counts)| {
            let ram = if block_ram > 0 { format!(" and {block_ram} block RAM") } else { String::new() };
            format!("{} about {lut4} look-up tables{ram}", form.name())
        };
        let shown: Vec<String> = self.of(thresholds, timing).into_iter().map(of_form).collect();
        format!(": {}", shown.join(", "))
    }
}
