// hash: FNV-1a, CRC-32 by table and an SHA-256 compression written plainly. Bytes, rotations, tables.
package main

import "math/bits"

var k = func() (k [64]uint32) {
	// The fractional parts of the cube roots of the first 64 primes, by integer bisection.
	p := uint64(1)
	for i := range k {
	next:
		for {
			p++
			for d := uint64(2); d*d <= p; d++ {
				if p%d == 0 {
					continue next
				}
			}
			break
		}
		lo, hi := uint64(0), uint64(8)<<32
		for hi-lo > 1 {
			m := (lo + hi) / 2
			h1, l1 := bits.Mul64(m, m)
			sq := h1<<32 | l1>>32
			h2, l2 := bits.Mul64(sq, m)
			if h2<<32|l2>>32 >= p<<32 {
				hi = m
			} else {
				lo = m
			}
		}
		k[i] = uint32(lo)
	}
	return
}()

func compress(h *[8]uint32, block []byte) {
	var w [64]uint32
	for i := range 16 {
		j := i * 4
		w[i] = uint32(block[j])<<24 | uint32(block[j+1])<<16 | uint32(block[j+2])<<8 | uint32(block[j+3])
	}
	for i := 16; i < 64; i++ {
		a, b := w[i-2], w[i-15]
		s1 := bits.RotateLeft32(a, -17) ^ bits.RotateLeft32(a, -19) ^ a>>10
		s0 := bits.RotateLeft32(b, -7) ^ bits.RotateLeft32(b, -18) ^ b>>3
		w[i] = s1 + w[i-7] + s0 + w[i-16]
	}
	a, b, c, d, e, f, g, hh := h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7]
	for i := range 64 {
		t1 := hh + (bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25)) + (e&f ^ ^e&g) + k[i] + w[i]
		t2 := (bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)) + (a&b ^ a&c ^ b&c)
		hh, g, f, e, d, c, b, a = g, f, e, d+t1, c, b, a, t1+t2
	}
	h[0] += a
	h[1] += b
	h[2] += c
	h[3] += d
	h[4] += e
	h[5] += f
	h[6] += g
	h[7] += hh
}

func main() {
	data := make([]byte, 1<<20)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	var table [256]uint32
	for i := range table {
		c := uint32(i)
		for range 8 {
			if c&1 != 0 {
				c = c>>1 ^ 0xedb88320
			} else {
				c >>= 1
			}
		}
		table[i] = c
	}
	fnv, crc := uint32(2166136261), ^uint32(0)
	h := [8]uint32{1, 2, 3, 4, 5, 6, 7, 8}
	for range 60 {
		for _, b := range data {
			fnv = (fnv ^ uint32(b)) * 16777619
		}
		for _, b := range data {
			crc = table[byte(crc)^b] ^ crc>>8
		}
		for i := 0; i < len(data); i += 64 {
			compress(&h, data[i:i+64])
		}
	}
	println(fnv, ^crc, h[0], h[7])
}
