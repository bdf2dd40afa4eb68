// Package money rounds amounts of cents.
package money

// Round returns tenths of a cent as whole cents, half away from zero.
func Round(tenths int) int {
	return (tenths + 4) / 10
}
