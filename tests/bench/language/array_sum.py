def main():
    values = [0] * 1000
    for i in range(1000):
        values[i] = i
    total = 0
    for round in range(6000):
        values[round % 1000] = round
        for i in range(1000):
            total = total + values[i]
    print(total)


main()
