module linknames

go 1.27
