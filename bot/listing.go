package bot

// Usage is one form of /incident, for whoever lists them.
type Usage struct {
	Words string // the verb, such as "task done"
	Form  string // the whole form, such as "task done T2"
	Help  string // what it does, in one line
}

// Usages are the forms that help lists, in its order.
func Usages() []Usage {
	var out []Usage
	for _, g := range helpGroups {
		for _, r := range rows {
			if r.Group != g {
				continue
			}
			for _, form := range r.Usage {
				out = append(out, Usage{r.Words, form, r.Help})
			}
		}
	}
	return out
}
