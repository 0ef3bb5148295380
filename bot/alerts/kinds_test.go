package alerts

import "testing"

func TestEachKindIsDecoded(t *testing.T) {
	for _, k := range Kinds() {
		if decoders[k] == nil {
			t.Errorf("nobody reads %s", k)
		}
	}
	if len(decoders) != len(Kinds()) {
		t.Errorf("%d decoders for %d kinds", len(decoders), len(Kinds()))
	}
}
