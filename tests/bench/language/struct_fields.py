class Body:
    __slots__ = ("x", "y", "dx", "dy")


def main():
    body = Body()
    body.x, body.y, body.dx, body.dy = 0, 0, 3, 5
    for i in range(4000000):
        body.x = body.x + body.dx
        body.y = body.y + body.dy
    print(body.x, body.y)


main()
