"""A metric of fits: values, and what each row contributes to them. Begin with `metric`."""
