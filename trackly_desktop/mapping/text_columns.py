"""Columns whose values are always text, by the words in their names.

02134 and 94103 are of one type, Norway's NO is no no, and an id may begin with a zero.
"""

from __future__ import annotations

from functools import cache

from trackly_desktop.contacts.value_words import compiled_words
from trackly_desktop.mapping.column_aliases import name_words

_TEXTS = compiled_words(
    """
    zip zips zipcode zip4 postal postalcode postcode post_code plz postleitzahl cep cp cap codice_postale
    codigo_postal code_postal id ids uid uuid guid key code codes codigo kod sku isbn ean upc state states
    province region regions county country countries iso land nation pais pays paese estado provincia bundesland
    kanton uf locale language lang currency number no nr num numero nummer phone telephone mobile cell fax
    account serial invoice ticket card ssn tax vat iban bic version barcode reference ref initials pin pins
    pincode eircode ein npi mrn acct fips cpf cnpj rfc dni nif nie siret siren codice_fiscale departement prov
    lot room name first_name last_name city town address street house apartment apt extension ext
    """
)
_AMOUNTS = compiled_words("number_of no_of nr_of num_of count total amount how_many anzahl")


@cache
def is_always_text(name: str) -> bool:
    """Whether a custom field of this column is text, whatever its values are."""
    words = name_words(name)
    if name.rstrip().endswith("#"):  # Customer #
        return True
    return _TEXTS.search(words) is not None and _AMOUNTS.search(words) is None
