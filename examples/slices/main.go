// Slices: a slice is a window on an array: where it starts, how long it is, how far it may grow (its capacity). Appending
// beyond the capacity moves the elements to a larger array. How much larger is the runtime's business, and visible.
package main

func main() {
	growth()
	sharing()
	copying()
	rows()
}

// These are variables of the package, so that their elements live on the heap, where growing is the runtime's business
// alone. (A compiler may give a small slice that never leaves its function some room on the stack to begin with.)
var (
	ints    []int
	bytes   []byte
	triples [][3]int32
)

// The capacities that appending one by one goes through: doubling at first, by about a quarter later, rounded up to what
// the allocator's size classes hold anyway.
func growth() {
	print("capacities of []int:")
	last := -1
	for i := range 5000 {
		if cap(ints) != last {
			last = cap(ints)
			print(" ", last)
		}
		ints = append(ints, i)
	}
	println()

	print("capacities of []byte:")
	last = -1
	for range 2000 {
		if cap(bytes) != last {
			last = cap(bytes)
			print(" ", last)
		}
		bytes = append(bytes, 'x')
	}
	println()

	print("capacities of [][3]int32:")
	last = -1
	for range 200 {
		if cap(triples) != last {
			last = cap(triples)
			print(" ", last)
		}
		triples = append(triples, [3]int32{})
	}
	println()

	ints = append([]int{1, 2, 3}, make([]int, 10)...)
	println("three and ten more:", len(ints), cap(ints))
}

// Two windows on one array see each other's changes, until one of them moves away.
func sharing() {
	whole := []int{0, 1, 2, 3, 4, 5}
	part := whole[1:3]
	part[0] = 100
	println("sharing:", whole[1], len(part), cap(part))

	part = append(part, 200)
	println("sharing, appended in place:", whole[3])

	limited := whole[1:3:3]
	limited = append(limited, 300)
	println("sharing, a limit of capacity moves it:", whole[3], limited[2])
}

func copying() {
	from := []int{1, 2, 3, 4, 5}
	copied := copy(from[2:], from)
	print("copy of overlapping elements: ", copied, " copied:")
	for _, n := range from {
		print(" ", n)
	}
	println()
	clear(from[:2])
	println("cleared:", from[0], from[1], from[2])
	array := [3]int(from[2:])
	array[0] = 99
	println("an array is a copy:", array[0], from[2])
	println("smallest and largest:", min(from[2], from[3], from[4]), max(from[2], from[3], from[4]))
}

// Rows of different length: Pascal's triangle.
func rows() {
	var triangle [][]int
	for n := range 6 {
		row := make([]int, n+1)
		row[0], row[n] = 1, 1
		for k := 1; k < n; k++ {
			row[k] = triangle[n-1][k-1] + triangle[n-1][k]
		}
		triangle = append(triangle, row)
	}
	for _, row := range triangle {
		for _, n := range row {
			print(" ", n)
		}
		println()
	}
}
