"""Other people's MQTT clients with contexts of ours, and a mosquitto that demands client certificates."""
