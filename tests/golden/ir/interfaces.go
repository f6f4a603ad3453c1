// Conversions to interfaces, assertions, comparisons, method values.
package p

type I interface{ M() int }
type T struct{ n int }

func (t T) M() int   { return t.n }
func (t *T) P()      {}

type S struct{ *T }

func f(any)
func g(func() int)

func convert(t T, e error, i I) {
	var x any = t // IR: local<interface {}> makeiface<p.T> store
	x = e         // IR: convertiface store
	x = i         // IR: convertiface store
	_ = x
	f(1)          // IR: makeiface<int> call@p.f
}

func compare(x any, i I, n int, t T) bool {
	if x == n { // IR: typeassert<int> get get branch eq jump branch
		return i == nil // IR: ifacetab zero eq return
	}
	return x == i || i != t // IR: convertiface eq branch typeassert<p.T> get get branch return jump eq jump not jump
}

func call(i I, t T, p *T, s S) {
	i.M()  // IR: callinterface
	t.M()  // IR: call@p.T.M
	p.M()  // IR: nilcheck load call@p.T.M
	s.P()  // IR: field call@p.(*T).P
	g(i.M) // IR: ifacetab nilcheck closure@p.I.M-fm call@p.g
	g(t.M) // IR: closure@p.T.M-fm call@p.g
	_ = (*T).M // IR: func@p.(*T).M
	_ = I.M    // IR: func@p.I.M
}

func typeSwitch(x any) {
	switch v := x.(type) { // IR:
	case int: // IR: local<int> typeassert<int> branch ifacedata bitcast load store
		println(v)
	case I, error: // IR: local<interface {}> store ifaceassert<p.I> get branch ifaceassert<error> get branch
		f(v) // IR: load call@p.f jump
	case nil: // IR: local<interface {}> store jump ifacetab zero eq branch jump
	}
}
