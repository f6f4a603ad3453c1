// mandelbrot: membership of a square of points, fifty steps each. Floating point with an early exit.
package main

func main() {
	const size, limit = 2000, 50
	inside := 0
	var hash uint32 = 2166136261
	for y := range size {
		ci := 2*float64(y)/size - 1
		for x := range size {
			cr := 2*float64(x)/size - 1.5
			var zr, zi, zr2, zi2 float64
			i := 0
			for ; i < limit && zr2+zi2 <= 4; i++ {
				zi = 2*zr*zi + ci
				zr = zr2 - zi2 + cr
				zr2, zi2 = zr*zr, zi*zi
			}
			if i == limit {
				inside++
			}
			hash = (hash ^ uint32(i)) * 16777619
		}
	}
	println(inside, hash)
}
