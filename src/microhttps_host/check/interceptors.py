"""Programs and appliances that sit between a network and the Internet, and sign anew whatever passes: by their names.

Data; imports nothing. Layer 13.
"""

# What stands in the name of their authority (lower case), and what they are called.
INTERCEPTORS = (
    ("fortinet", "a FortiGate firewall"),
    ("fortigate", "a FortiGate firewall"),
    ("zscaler", "Zscaler"),
    ("netskope", "Netskope"),
    ("palo alto", "a Palo Alto firewall"),
    ("sophos", "a Sophos firewall"),
    ("check point", "a Check Point firewall"),
    ("sonicwall", "a SonicWall firewall"),
    ("watchguard", "a WatchGuard firewall"),
    ("barracuda", "a Barracuda appliance"),
    ("blue coat", "a Blue Coat proxy"),
    ("bluecoat", "a Blue Coat proxy"),
    ("forcepoint", "Forcepoint"),
    ("cisco umbrella", "Cisco Umbrella"),
    ("lightspeed", "Lightspeed Filter"),
    ("securly", "Securly"),
    ("untangle", "an Untangle firewall"),
    ("pfsense", "a pfSense firewall"),
    ("opnsense", "an OPNsense firewall"),
    ("squid", "a Squid proxy"),
    ("kaspersky", "Kaspersky on this computer"),
    ("eset ssl", "ESET on this computer"),
    ("avast", "Avast on this computer"),
    ("avg technologies", "AVG on this computer"),
    ("bitdefender", "Bitdefender on this computer"),
    ("adguard", "AdGuard on this computer"),
    ("norton", "Norton on this computer"),
    ("mitmproxy", "mitmproxy"),
    ("charles proxy", "Charles Proxy"),
    ("portswigger", "Burp Suite"),
    ("fiddler", "Fiddler"),
    ("owasp", "OWASP ZAP"),
)


def find_interceptor(issuer: str) -> str:
    """What this issuer is called when it is one, else ""."""
    lower = issuer.lower()
    return next((called for text, called in INTERCEPTORS if text in lower), "")
