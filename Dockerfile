# The Server with the Sandbox beside it. PostgreSQL and RabbitMQ are services of their own (docker-compose.yml).
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# SkipPostgres: the image is given a database, so the embedded PostgreSQL and npm stay out of it.
RUN dotnet publish src/LeadSens.Server -c Release -o /app -p:SkipPostgres=true -p:SkipStudio=true \
 && dotnet publish src/LeadSens.Sandbox -c Release -o /app/sandbox

FROM node:20-slim AS studio
WORKDIR /studio
COPY src/LeadSens.Server/Studio/Site/package/package*.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
COPY --from=studio /studio ./studio
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
ENV ASPNETCORE_HTTP_PORTS=8080 LeadSens__DataDirectory=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["dotnet", "LeadSens.Server.dll"]
