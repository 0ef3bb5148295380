package incident

import "strconv"

// severityName spells a severity as people type it.
func severityName(s int) string { return "sev" + strconv.Itoa(s) }
