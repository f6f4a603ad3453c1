// The order of assignments: operands first, then the stores from left to right with their checks.
package p

type T struct {
	a, b int
	p    *T
	arr  [4]int
}

func f() int

func swap(s []int, i, j int) {
	s[i], s[j] = s[j], s[i] // IR: len boundscheck sliceptr indexaddr load len boundscheck sliceptr indexaddr load len boundscheck sliceptr indexaddr store len boundscheck sliceptr indexaddr store
}

func throughPointer(p *T) {
	p.a = f() // IR: call@p.f nilcheck fieldaddr store
}

func nested(p *T, i int) {
	p.p.arr[i] = f() // IR: call@p.f nilcheck fieldaddr load nilcheck fieldaddr boundscheck indexaddr store
}

func mapElement(m map[string]int, k string) {
	m[k] = f()  // IR: call@p.f mapassign store
	m[k] += 2   // IR: mapassign load add store
	m[k] /= f() // IR: call@p.f mapget checkdivide div mapassign store
}

func compound(s []int, i int) {
	s[i] += f() // IR: call@p.f len boundscheck sliceptr indexaddr load add store
}

func copyLarge(p, q *[100]int) {
	var v [100]int
	v = *p  // IR: nilcheck move
	*q = v  // IR: nilcheck move
	*p = *q // IR: nilcheck load nilcheck store
}

func commaOk(m map[int]string, c chan int, i any) {
	a, ok := m[1]     // IR: local<string> local<bool> mapget2 get get store store
	b, ok := <-c      // IR: local<int> recv2 get get store store
	d, ok := i.(int)  // IR: local<int> typeassert<int> get get store store
	e, ok := i.(error) // IR: local<error> ifaceassert<error> get get store store
	_, _, _, _, _ = a, b, d, e, ok
}
