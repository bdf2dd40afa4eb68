package money

import "testing"

func TestRound(t *testing.T) {
	for _, row := range []struct {
		name       string
		tenths, to int
	}{{"zero", 0, 0}, {"down", 12, 1}, {"half up", 25, 3}, {"up", 27, 3}} {
		t.Run(row.name, func(t *testing.T) {
			if got := Round(row.tenths); got != row.to {
				t.Errorf("Round(%d) = %d, want %d", row.tenths, got, row.to)
			}
		})
	}
}
