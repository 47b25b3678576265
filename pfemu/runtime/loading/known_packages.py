"""What to install for an import: modules whose package on the index has another name."""

from collections.abc import Mapping

PACKAGE_OF_MODULE: Mapping[str, str] = {
    "_pulsar": "pulsar-client",
    "attr": "attrs",
    "avro": "avro",
    "bookkeeper": "apache-bookkeeper-client",
    "boto": "boto3",
    "bs4": "beautifulsoup4",
    "cassandra": "cassandra-driver",
    "confluent_kafka": "confluent-kafka",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "fitz": "PyMuPDF",
    "flask_cors": "Flask-Cors",
    "git": "GitPython",
    "google.cloud.bigquery": "google-cloud-bigquery",
    "google.cloud.storage": "google-cloud-storage",
    "google.protobuf": "protobuf",
    "grpc": "grpcio",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "kafka": "kafka-python",
    "magic": "python-magic",
    "markdown": "Markdown",
    "MySQLdb": "mysqlclient",
    "nacl": "PyNaCl",
    "OpenSSL": "pyOpenSSL",
    "PIL": "Pillow",
    "pkg_resources": "setuptools",
    "psycopg2": "psycopg2-binary",
    "pulsar": "pulsar-client",
    "Crypto": "pycryptodome",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "snowflake": "snowflake-connector-python",
    "sqlalchemy": "SQLAlchemy",
    "umap": "umap-learn",
    "usb": "pyusb",
    "yaml": "PyYAML",
    "zmq": "pyzmq",
}


def package_of(module_name: str) -> str:
    """Return the package to install for a module: the longest known prefix of its name, else its top-level name."""
    parts = module_name.split(".")
    for length in range(len(parts), 0, -1):
        package = PACKAGE_OF_MODULE.get(".".join(parts[:length]))
        if package is not None:
            return package
    return parts[0]
