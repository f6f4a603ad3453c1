// life: Conway's game on a torus of 512 by 512 cells, two-dimensional slices of bytes with indices that wrap.
package main

func step(from, to [][]byte) {
	h, w := len(from), len(from[0])
	for y := range from {
		up, row, down := from[(y+h-1)%h], from[y], from[(y+1)%h]
		for x := range row {
			l, r := (x+w-1)%w, (x+1)%w
			n := up[l] + up[x] + up[r] + row[l] + row[r] + down[l] + down[x] + down[r]
			alive := byte(0)
			if n == 3 || n == 2 && row[x] == 1 {
				alive = 1
			}
			to[y][x] = alive
		}
	}
}

func main() {
	const size = 512
	a, b := make([][]byte, size), make([][]byte, size)
	x := uint32(1)
	for i := range a {
		a[i], b[i] = make([]byte, size), make([]byte, size)
		for j := range a[i] {
			x = x*1103515245 + 12345
			a[i][j] = byte(x >> 20 & 1)
		}
	}
	for range 300 {
		step(a, b)
		a, b = b, a
	}
	n := 0
	for _, row := range a {
		for _, c := range row {
			n += int(c)
		}
	}
	println(n)
}
