"""No memory: small, because it is loaded when there is little. Layer 1: imports nothing."""

TEXT = """

out_of_memory
There was no memory for a TLS connection[: {need} bytes in one piece were needed, {have} are there].
Other connections or the application hold it, or what is free is in pieces that are each too small.
Close what is not needed (answers, clients, idle connections), call gc.collect(), or allow fewer things at once.

out_of_memory role=server
A newcomer was refused for want of memory[: {need} bytes in one piece are asked for, {have} are there].
The connections that are open and the application hold it.
Lower max_open_sockets, keep less in the application, or lower min_free_memory if handshakes went well with less.

out_of_memory machine=board
-
-
Close answers and clients, keep less in the application; where TLS takes memory outside Python's heap (ESP32),
  esp32.idf_heap_info(esp32.HEAP_DATA) shows what is left there.

out_of_memory machine=board role=server
-
-
Lower max_open_sockets or keep less in the application; where TLS takes memory outside Python's heap (ESP32),
  esp32.idf_heap_info(esp32.HEAP_DATA) shows what is left there.

"""
