import sys
import time

import psycopg2

for attempt in range(1, 4):
    try:
        connection = psycopg2.connect(host="database", port=54329, user="orders", dbname="orders")
        break
    except psycopg2.OperationalError as error:
        print(f"attempt {attempt} of 3: database not ready", file=sys.stderr)
        if attempt == 3:
            raise
        time.sleep(1)
print("migrated")
