package main

// Allocation throughput: objects of many sizes, with and without pointers, most of them garbage at once.

type small struct{ a, b *small }
type medium struct {
	p [6]*small
	n [10]int
}

var keep [1024]any
var bytes [256][]byte

func main() {
	n := 0
	for i := 0; i < 3000000; i++ {
		s := &small{}
		keep[i%1024] = s
		if i%4 == 0 {
			m := &medium{}
			m.p[i%6] = s
			keep[(i*7)%1024] = m
		}
		if i%8 == 0 {
			b := make([]byte, 16+i%2000)
			bytes[i%256] = b
			n += len(b)
		}
	}
	println(n)
}
