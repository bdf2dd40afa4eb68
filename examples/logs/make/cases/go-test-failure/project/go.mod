module example.org/acme/money

go 1.21
