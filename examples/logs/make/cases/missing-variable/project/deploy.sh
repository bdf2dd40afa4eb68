#!/bin/bash
set -eu
folder=$1
echo "deploying $(ls "$folder" | wc -l) pages"
token=${DEPLOY_TOKEN:?set it in the job\'s secret variables}
curl -fsS -H "Authorization: Bearer $token" -T "$folder/index.html" https://status.acme.test/
