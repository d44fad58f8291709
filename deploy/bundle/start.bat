@echo off
rem Shows the page on this machine, without any network. A double click starts it.
rem The first start unpacks the packages into the folder "environment" beside this file.
setlocal
cd /d "%~dp0"
py -@PYTHON@ -c "" >nul 2>&1
if errorlevel 1 (
    echo Python @PYTHON@ is needed and was not found. Fix: install it, with its launcher "py", then start this file again.
    pause
    exit /b 1
)
if not exist environment\ready (
    echo First start: checking and unpacking, about a minute.
    py -@PYTHON@ check.py
    if errorlevel 1 ( pause & exit /b 1 )
    if exist environment rmdir /s /q environment
    py -@PYTHON@ -m venv environment
    if errorlevel 1 ( pause & exit /b 1 )
    environment\Scripts\python -m pip install --quiet --disable-pip-version-check --no-index --find-links packages --require-hashes -r requirements.lock
    if errorlevel 1 ( pause & exit /b 1 )
    type nul > environment\ready
)
environment\Scripts\python -m armsflow show --port 0 %*
if errorlevel 1 pause
