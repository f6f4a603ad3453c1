module blank

go 1.27
