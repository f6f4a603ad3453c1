package main

const megabyte = 1 << 20

func memory() {
	say("Ten arrays of a megabyte are allocated at once; memory is used as they are touched.")
	var blocks [10]*[megabyte]byte
	for i := range blocks {
		blocks[i] = new([megabyte]byte)
	}
	touched := 0
	for i, block := range blocks {
		for at := 0; at < len(block); at += 4096 {
			block[at] = byte(i + 1)
			touched++
		}
	}
	sum := 0
	for _, block := range blocks {
		for _, b := range block {
			sum += int(b)
		}
	}
	println("    pages touched:", touched, "sum of all bytes:", sum)
}
