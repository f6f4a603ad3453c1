// Values of all kinds, for what gdb prints of them: check_gdb breaks at the line that says "here".
package main

type Point struct{ X, Y float64 }

func (p Point) Area() float64 { return p.X * p.Y }

type Shape interface{ Area() float64 }

type Node struct {
	Name string
	Next *Node
	Kids []*Node
	At   Point
}

type List []List

type failure struct{ code int }

func (f *failure) Error() string { return "failed" }

var counter = 41
var shape Shape = Point{2, 5}

func show(s string, n *Node, m map[string]int, big map[int]int, ch chan int, e error, l List) int {
	size := len(s) + len(l)
	counter++
	shape.Area()
	return size // here
}

func main() {
	big := map[int]int{}
	for i := range 100 {
		big[i] = i * i
	}
	ch := make(chan int, 4)
	ch <- 6
	ch <- 7
	<-ch
	n := &Node{Name: "root", At: Point{1.5, 2}}
	n.Kids = []*Node{{Name: "kid", Next: n}}
	println(show("hello, world", n, map[string]int{"one": 1}, big, ch, &failure{3}, List{nil, List{}}))
}
