// Package webhook answers calls.
package webhook

import "github.com/pkg/errors"

// Check says whether a body is empty.
func Check(body string) error {
	if body == "" {
		return errors.New("empty body")
	}
	return nil
}
