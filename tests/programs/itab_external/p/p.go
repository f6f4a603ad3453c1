package p

type T struct{ A, B int }

func (t T) M() int { return t.A + t.B }

type I interface{ M() int }
