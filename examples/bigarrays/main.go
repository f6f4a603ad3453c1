// Bigarrays allocates ten arrays of one megabyte and then touches them a piece at a time. Memory that is reserved but not
// touched costs nothing: the resident size (see it with ps or in /proc) grows piece by piece, the virtual size at once.
package main

const (
	megabyte = 1 << 20
	piece    = 64 << 10
)

type block [megabyte]byte

func main() {
	var blocks [10]*block
	for i := range blocks {
		blocks[i] = new(block)
	}
	println("allocated", len(blocks), "arrays of", len(blocks[0]), "bytes")

	for i, b := range blocks {
		pieces := 0
		for at := 0; at < len(b); at += piece {
			touch(b[at:at+piece], byte(i+1))
			pieces++
		}
		println("array", i, "touched in", pieces, "pieces")
	}

	for i, b := range blocks {
		sum := 0
		for _, v := range b {
			sum += int(v)
		}
		if sum != (i+1)*megabyte/4096 {
			println("array", i, "is wrong:", sum)
		}
	}
	println("every array holds what was written into it, and zeros elsewhere")
}

// touch writes one byte in each page.
func touch(part []byte, value byte) {
	for at := 0; at < len(part); at += 4096 {
		part[at] = value
	}
}
