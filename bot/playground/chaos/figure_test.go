package chaos

import "testing"

func TestAFigureReplacesItsRow(t *testing.T) {
	const document = "# Title\n\nBefore.\n\n" + header + "| kills | 1 | 6 kills | 1 lost | 2026-01-01 |\n| other | - | 2 | fine | 2026-01-01 |\n\nAfter.\n"
	got := Figure{Program: "kills", Seed: 7, Count: "9 kills", Result: "0 lost"}.into(document, "2026-02-03")
	want := "# Title\n\nBefore.\n\n" + header + "| kills | 7 | 9 kills | 0 lost | 2026-02-03 |\n| other | - | 2 | fine | 2026-01-01 |\n\nAfter.\n"
	if got != want {
		t.Errorf("replaced:\n%s", got)
	}
	got = Figure{Program: "new", Count: "1", Result: "held"}.into(document, "2026-02-03")
	want = "# Title\n\nBefore.\n\n" + header +
		"| kills | 1 | 6 kills | 1 lost | 2026-01-01 |\n| other | - | 2 | fine | 2026-01-01 |\n| new | - | 1 | held | 2026-02-03 |\n\nAfter.\n"
	if got != want {
		t.Errorf("added:\n%s", got)
	}
	if got := (Figure{Program: "new", Count: "1", Result: "held"}).into("# Title\n", "2026-02-03"); got != "# Title\n\n"+header+"| new | - | 1 | held | 2026-02-03 |\n" {
		t.Errorf("begun:\n%s", got)
	}
}
