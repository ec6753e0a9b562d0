def main():
    total = 0
    for round in range(6000):
        line = ""
        for i in range(100):
            line = line + f"{i},"
        total = total + len(line)
    print(total)


main()
