// Package courier sends parcels.
package courier

import "log"

// Send hands a parcel over.
func Send(id string, weight int) error {
	log.Printf("sending parcel %d of %d grams", id, weight)
	return nil
}
