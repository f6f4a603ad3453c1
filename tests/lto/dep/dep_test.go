package dep_test

import (
	"testing"

	"example.test/dep"
)

func TestMix(t *testing.T) {
	if dep.Mix(1, 2) == dep.Mix(2, 1) {
		t.Fatal("equal")
	}
}
