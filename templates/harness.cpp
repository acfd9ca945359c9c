// The test bench of module {{ top }}: its streams. All of the model is one translation unit.
{%- for source in sources %}
#include "{{ source }}"
{%- endfor %}

namespace {

class Streams {
{%- for stream in inputs %}
    ternlet::Source<{{ stream.bits }}> input{{ stream.index }};  // {{ stream.name }}
{%- endfor %}
{%- for stream in outputs %}
    ternlet::Sink<{{ stream.bits }}> output{{ stream.index }};  // {{ stream.name }}
{%- endfor %}
    CData absent = 0;  // stands for the pins that a stream does not have

public:
    explicit Streams(ternlet::Run& run)
        : {% for stream in inputs -%}
          input{{ stream.index }}(run, {{ stream.number }}, run.inputs[{{ stream.index }}]),
          {%- endfor %}
          {%- for stream in outputs %}
          output{{ stream.index }}(run, {{ stream.number }}, run.outputs[{{ stream.index }}]),
          {%- endfor %}
          absent(0) {}

    template <ternlet::Stalls mode>
    void reset(Vmodel& model) {
{%- for stream in inputs %}
        input{{ stream.index }}.reset<mode>(model.{{ stream.valid }}, {{ stream.payload }}, {{ stream.last }});
{%- endfor %}
{%- for stream in outputs %}
        output{{ stream.index }}.reset<mode>(model.{{ stream.ready }});
{%- endfor %}
    }

    void select(Vmodel& model, uint32_t value) {
{%- if let Some(select) = select %}
        model.{{ select }} = value;
{%- endif %}
    }

    bool is_complete() const {
        return true{% for stream in outputs %} && output{{ stream.index }}.is_complete(){% endfor %};
    }

    template <ternlet::Stalls mode>
    void drive(Vmodel& model) {
{%- for stream in inputs %}
        input{{ stream.index }}.drive<mode>(model.{{ stream.valid }}, {{ stream.payload }}, {{ stream.last }});
{%- endfor %}
{%- for stream in outputs %}
        output{{ stream.index }}.drive<mode>(model.{{ stream.ready }});
{%- endfor %}
    }

    bool settle(Vmodel& model, ternlet::Run& run, ternlet::Ending& ending) {
        bool moved = false;
{%- for stream in inputs %}
        moved |= input{{ stream.index }}.settle(model.{{ stream.ready }}, run.cycles);
{%- endfor %}
{%- for stream in outputs %}
        moved |= output{{ stream.index }}.settle(model.{{ stream.valid }}, {{ stream.payload }}, {{ stream.last }}, run.cycles, ending);
        if (VL_UNLIKELY(ending != ternlet::complete)) {
            run.culprit = {{ stream.number }};
            return moved;
        }
{%- endfor %}
        return moved;
    }
};

}  // namespace

extern "C" __attribute__((visibility("default"))) void ternlet_run(ternlet::Run* run) {
    ternlet::simulate<Vmodel, Streams>(*run);
}
