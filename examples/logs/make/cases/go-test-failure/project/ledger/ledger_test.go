package ledger

import (
	"fmt"
	"testing"
)

func TestBalance(t *testing.T) {
	for account := 0; account < 40; account++ {
		t.Run(fmt.Sprintf("account_%02d", account), func(t *testing.T) {
			t.Logf("balance of account %d is even", account)
		})
	}
}
