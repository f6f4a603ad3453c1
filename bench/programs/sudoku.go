// sudoku: hard puzzles solved by search with sets of bits, always at the cell with the fewest choices.
package main

import "math/bits"

type grid struct {
	cells             [81]uint8
	rows, cols, boxes [9]uint16 // digits that are there
	tried             int
}

func box(row, col int) int { return row/3*3 + col/3 }

func (g *grid) put(cell int, digit uint8) {
	bit := uint16(1) << digit
	row, col := cell/9, cell%9
	g.cells[cell] = digit
	g.rows[row] ^= bit
	g.cols[col] ^= bit
	g.boxes[box(row, col)] ^= bit
}

func (g *grid) take(cell int) {
	g.put(cell, g.cells[cell])
	g.cells[cell] = 0
}

// solve counts the solutions, two at the most.
func (g *grid) solve() int {
	best, choices, fewest := -1, uint16(0), 10
	for cell, digit := range g.cells {
		if digit != 0 {
			continue
		}
		row, col := cell/9, cell%9
		free := ^(g.rows[row] | g.cols[col] | g.boxes[box(row, col)]) & 0x3fe
		if n := bits.OnesCount16(free); n < fewest {
			best, choices, fewest = cell, free, n
			if n <= 1 {
				break
			}
		}
	}
	if best < 0 {
		return 1
	}
	found := 0
	for ; choices != 0 && found < 2; choices &= choices - 1 {
		g.tried++
		g.put(best, uint8(bits.TrailingZeros16(choices)))
		found += g.solve()
		g.take(best)
	}
	return found
}

func main() {
	// Made by taking cells out of a full grid as long as there is one solution only.
	x := uint32(2026)
	next := func(n int) int {
		x = x*1664525 + 1013904223
		return int(x>>8) % n
	}
	solved, tried, left := 0, 0, 0
	for range 250 {
		var g grid
		var digits, lines [9]int
		for i := range 9 {
			digits[i] = i
			lines[i] = i
		}
		for i := 8; i > 0; i-- {
			j := next(i + 1)
			digits[i], digits[j] = digits[j], digits[i]
			j = i/3*3 + next(i%3+1)
			lines[i], lines[j] = lines[j], lines[i]
		}
		for cell := range 81 {
			row, col := lines[cell/9], cell%9
			g.put(cell, uint8(1+digits[(row*3+row/3+col)%9]))
		}
		var order [81]int
		for i := range order {
			j := next(i + 1)
			order[i] = order[j]
			order[j] = i
		}
		for _, cell := range order {
			digit := g.cells[cell]
			g.take(cell)
			if g.solve() != 1 {
				g.put(cell, digit)
			}
		}
		for range 10 {
			solved += g.solve()
		}
		for _, digit := range g.cells {
			if digit != 0 {
				left++
			}
		}
		tried += g.tried
	}
	println(solved, tried, left)
}
