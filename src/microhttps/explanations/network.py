"""Names, addresses, ports, connections and deadlines. Layer 1: imports nothing."""

TEXT = """

cannot_listen
The server cannot listen on [{host}|this address], port [{port}|of its choice].
The address is none of this {machine}, or the network was not up yet.
Listen on every address: Server(host="0.0.0.0"); on a board, connect to the network first.

deadline
The other side took too long[ ({setting})].
It is busy or gone, or the network in between loses packets.
Try again; if it is only slow, give it more time by that setting.

deadline setting=connect_timeout
[{host}|The host] did not answer on port [{port}|this] within the connect_timeout.
It is switched off or has another address, or a firewall swallows the packets without a word.
Check the address and that the {machine} is in the same network; then try the port from another computer.

deadline setting=connect_timeout during=resolving
Nobody said within the connect_timeout which address [{host}|the host] has.
The network or its name server does not answer.
Check the network and its DNS; to be independent of it, write the address into the URL.

deadline setting=handshake_timeout
The TLS handshake with [{host}|the other side] was not over within the handshake_timeout.
It is a slow device (RSA-4096 takes a small board 23 s), or it accepts connections and says nothing.
Prefer certificates with ECDSA on P-256; else raise handshake_timeout.

deadline setting=handshake_timeout role=server
A client did not finish its TLS handshake within the handshake_timeout.
Browsers open connections in advance and say nothing on them; some clients are slow, and some mean harm.
Nothing is to be done, unless a slow client of yours is meant: then raise handshake_timeout.

deadline setting=recv_timeout
[{host}|The other side] sent nothing more for as long as the recv_timeout allows.
The connection was lost on the way, or the answer takes longer to make than that.
Try again; if the server needs longer, raise recv_timeout.

deadline setting=recv_timeout role=server
A client stopped in the middle of the body of its request.
It went away, or its network did.
Nothing is to be done; slow networks need a longer recv_timeout.

deadline setting=send_timeout
The other side took nothing more of what was sent for as long as the send_timeout allows.
It went away, or it reads more slowly than min_rate asks for.
Try again; for slow networks raise send_timeout or lower min_rate.

deadline setting=header_timeout
A client did not send the whole head of its request within the header_timeout.
It went away, or it drips bytes to hold a place (an attack called slowloris).
Nothing is to be done: it was answered 408 and its place is free.

deadline setting=total_timeout
The request with its redirects was not over within the total_timeout.
One of the servers was slow, or the answer is large.
Raise total_timeout, or read large answers with client.stream and leave total_timeout at 0.

deadline setting=stop_timeout
-
A request was still in progress when the server stopped.
Let handlers end earlier, or raise stop_timeout.

gave_way
A client that was silent gave its place to another one that waited for it.
Browsers open connections in advance and say nothing on them.
Nothing is to be done; more memory would allow a larger max_open_sockets.

no_place
A newcomer was refused: every place was taken for as long as it waited (admission_timeout).
More clients ask at once than max_open_sockets allows, or handlers take long.
Raise max_open_sockets if there is memory, or let handlers answer sooner.

no_such_host
There is no address for the name [{host}|of this host].
The name is spelled otherwise, or this {machine} is not in the network or asks a name server that does not know it.
Check the spelling and the network; names in .local need mDNS, and an address works without any.

out_of_descriptors
This system may open no more sockets.
Too many connections are open at once, here or in other programs; small boards have 5 to 16 in all.
Close answers and clients that are not needed, lower max_open_sockets, or on a computer raise the limit: ulimit -n 4096.

port_in_use
Another program already listens on port [{port}|this].
It is this server, started twice, or another one.
Stop the other one, or choose another port: Server(port=8443).

port_not_allowed
The system does not let this program listen on port [{port}|this].
Ports below 1024 need a privilege, and the program has none.
Choose another port, Server(port=8443), or give the privilege: sudo setcap cap_net_bind_service=+ep on the interpreter.

refused
[{host}|The host] is there, and nothing listens on port [{port}|this].
The server is not running, or it listens on another port or another address.
Start it, or correct the port.

refused proxy
The proxy {proxy} is there, and nothing listens on its port.
The proxy is not running, or has another port.
Correct the setting proxy, or leave it out.

reset
The other side closed the connection without notice.
It was restarted, gave up waiting, or had no place left.
Try again; if it comes back, its log may say why.

reset during=handshake
[{host}|The other side] closed the connection in the middle of the TLS handshake, without a word.
It does not like the host name or our versions, wants no more connections, or something in between cuts TLS off.
Try from another network; on a computer, openssl s_client -connect [{host}|HOST]:443 shows each step.

reset role=server
A client closed the connection without notice.
The page was left or the client was switched off; board clients never say goodbye in TLS (close_notify).
Nothing is to be done.

too_many_of_address
A newcomer was refused: its address already holds as many connections as one may, and none of them is idle.
Several programs or users come from one address (a router), or one program opens too many.
Raise max_sockets_per_address if they are welcome.

unreachable
The network gave no way to [{host}|the other side][ (errno {errno})].
This {machine} is not connected, has no route there, or the address is one of a network that it does not have (IPv6).
Check the connection (on a board: wlan.isconnected()) and the address.

"""
