// matmul: product of two matrices of 512 rows, as slices of slices, the textbook way with the inner loop over columns.
package main

func matrix(n int, seed float64) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		for j := range m[i] {
			m[i][j] = seed * float64(i-j) * float64(i+j)
		}
	}
	return m
}

func multiply(a, b [][]float64) [][]float64 {
	n := len(a)
	c := make([][]float64, n)
	for i := range c {
		c[i] = make([]float64, n)
		for k := range b {
			x := a[i][k]
			row := b[k]
			for j := range row {
				c[i][j] += x * row[j]
			}
		}
	}
	return c
}

func main() {
	const n = 512
	a, b := matrix(n, 1.0/n/n), matrix(n, 2.0/n/n)
	sum := 0.0
	for range 6 {
		c := multiply(a, b)
		sum += c[n/2][n/2]
	}
	println(int64(sum * 1000))
}
