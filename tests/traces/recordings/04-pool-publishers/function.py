
from concurrent.futures import ThreadPoolExecutor, wait
from pulsar import Function

pool = ThreadPoolExecutor(3)
done = []


class F(Function):
    def process(self, input, context):
        base = "persistent://public/" + context.get_function_namespace() + "/"
        if input == "report":
            return f"{len(done)} {sorted(set(done))}"

        def one(number):
            context.publish(base + "side", f"{input} {number}", properties={"n": str(number)}, message_conf={"partition_key": f"k{number % 2}"}, callback=lambda result, _id: done.append(str(result)))
            context.incr_counter("n", 1)
            return number

        futures = [pool.submit(one, number) for number in range(6)]
        wait(futures, timeout=10)
        return f"{input} {sorted(each.result() for each in futures)} {context.get_counter('n')}"
