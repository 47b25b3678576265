r"""Secrets: a token that must not stand in the code, used to sign every message.

`--secrets` maps the names the function uses to what the secrets provider finds them by; the default provider takes the
value itself. `get_secret` gives None for a name that is not in that map.

    printf 'transfer 10\n' | pfemu run sample_functions/secret_enrichment.py --secrets '{"signing_key": "s3cret"}'
"""

import hashlib
import hmac

from pulsar import Function


class Signer(Function):
    def process(self, input, context):
        signing_key = context.get_secret("signing_key")
        if signing_key is None:
            raise ValueError("the secret 'signing_key' is not configured: --secrets '{\"signing_key\": \"...\"}'")
        text = str(input)
        signature = hmac.new(signing_key.encode(), text.encode(), hashlib.sha256).hexdigest()
        return f"{text} {signature[:16]}"
