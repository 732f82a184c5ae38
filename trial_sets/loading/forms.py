"""The forms in which files of trials and spaces are read, for the documentation and commands."""

from trial_sets.forms import Form

SPACE_FORMS: tuple[Form, ...] = (
    Form(
        tool="by hand",
        form="hyperparameters by name, or under dimensions, space, search_space, parameters: "
        ".json, .jsonc, .yaml, .yml",
        read="type, low, high, log, step, choices, when; a list is choices; names in any spelling "
        "of the study's",
        not_read="a single value, which belongs into the base; null among choices",
    ),
    Form(
        tool="Optuna",
        form="distributions by name, as objects or as texts of distribution_to_json",
        read="Float, Int and Categorical; Uniform, LogUniform, DiscreteUniform, IntUniform and "
        "IntLogUniform of old versions; the short form with type",
        not_read="None among choices; conditions, which no distribution says",
    ),
    Form(
        tool="Weights & Biases",
        form="sweep: YAML, JSON",
        read="values, value, min and max; uniform, int_uniform, q_uniform, log_uniform_values, "
        "log_uniform of logarithms, q_log_uniform_values of whole numbers; nested parameters",
        not_read="normal, beta and inverse distributions; probabilities; method, metric and the "
        "like",
    ),
)

FORMS: tuple[Form, ...] = (
    Form(
        tool="by hand",
        form="trials by name: JSON, YAML, Python",
        read='{"A1": {"dropout": 0.4}}; names that are numbers become trial1, trial2; several such '
        "by name; the form of a set's file",
        not_read="hyperparameters of all trials beside the trials; two dicts that share a name, "
        "unless one is picked with FILE:NAME",
    ),
    Form(
        tool="by hand",
        form="list of trials: JSON, YAML, Python",
        read="each called by its name, run_name, experiment, id or the like, else numbered; a name "
        "that no trial can have becomes the note",
        not_read="lists of anything but dicts",
    ),
    Form(
        tool="by hand",
        form="one configuration: JSON, YAML, Python",
        read="one trial; where hyperparameters have lists of values, every combination is a trial",
        not_read="several configurations in one Python file, unless one is picked with FILE:NAME",
    ),
    Form(
        tool="by hand",
        form="groups within a configuration: model, optim, ...",
        read="flattened, as optim.lr is; a hyperparameter that two groups give is refused",
        not_read="groups whose names leave open whether they are trials",
    ),
    Form(
        tool="Python",
        form="script of at most 1 MiB: .py",
        read="what is assigned at the top level: dicts, lists, dict(...), **BASE, names of "
        "literals above, arithmetic of numbers up to 64 bits; parsed, never executed",
        not_read="calls, comprehensions, attributes, and what the file changes afterwards",
    ),
    Form(
        tool="JSON",
        form=".json, .jsonc",
        read="comments of //, # and /* */, trailing commas, a byte order mark",
        not_read="keys that stand twice, NaN, single quotes",
    ),
    Form(
        tool="YAML",
        form="file of at most 512 KiB: .yaml, .yml",
        read="plain values as YAML 1.2 has them (1e-4 is a number, no is text), anchors and <<; "
        "what trials are only built on, such as base, is no trial",
        not_read="tags that make objects, keys that stand twice, several documents",
    ),
    Form(
        tool="Weights & Biases",
        form="sweep, and a run's config.yaml: YAML, JSON, Python",
        read="values and value, nested parameters; every combination is a trial",
        not_read="method random or bayes, ranges and distributions, which are a search's space; "
        "metric, program and the like",
    ),
    Form(
        tool="Hydra",
        form="multirun: hydra.sweeper.params, a list of overrides, or a command in .txt or .sh",
        read="lr=1e-3,1e-4, choice(...), range(...) of whole numbers; every combination is a trial",
        not_read="interval(...), glob(...), lists as values, config groups; hydra's own settings",
    ),
    Form(
        tool="every tool",
        form="other names of a hyperparameter: lr, wd, bs, seq_len, hidden_size, num_layers, ...",
        read="as the patch transformer's, with a notice; where the study declares parameters, "
        "those alone, in any case and with - for _",
        not_read="two names of one hyperparameter; seed, which is given with --seeds; names that "
        "mean something else, such as d_ff",
    ),
)
